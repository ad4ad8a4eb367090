/** The edits that turn `conn.login(user, password, callback)` into `authorize(conn, { username: user }, callback)`. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { FileModel, Login } from '../../analysis';
import type { Node } from '../../analysis/source';
import { detectStyle, indentOf, replaceArguments, replaceCallee, type Edit } from '../../edits';
import type { TransformOptions } from '../report';

/** Local names of what the rewritten call uses; `auth` where it is given a SalesforceAuth. */
interface Names {
  authorize: string;
  auth: string | undefined;
}

export function rewrite(file: FileModel, login: Login, { authorize, auth }: Names, { flow }: TransformOptions): Edit[] {
  const { source } = file;
  const call = login.call!;
  const style = detectStyle(source);
  const connection = textOfArgument(file, login.connection!);
  const options = auth ? (auth === 'auth' ? '{ auth }' : `{ auth: ${auth} }`) : flow === 'client-credentials' ? `{ flow: ${style.quote}client-credentials${style.quote} }` : usernameOption(file, login.username!);
  const first = call.arguments[0]!;
  const opening = source.getTokenBefore(first, { filter: (token) => token.value === '(' })!;
  const onOwnLine = opening.loc.end.line < first.loc.start.line;
  const between = onOwnLine ? `,${style.eol}${indentOf(source, first)}` : ', ';
  return [replaceCallee(source, call, authorize), replaceArguments(source, call, 0, 2, connection + between + options)];
}

function usernameOption(file: FileModel, username: Node): string {
  const text = textOfArgument(file, username);
  return text === 'username' ? '{ username }' : `{ username: ${text} }`;
}

/** An expression's text as it may stand in an argument list. */
function textOfArgument(file: FileModel, node: Node): string {
  const text = file.source.getText(node as TSESTree.Node);
  return node.type === 'SequenceExpression' ? `(${text})` : text;
}
