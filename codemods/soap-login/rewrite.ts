/** The edits that turn `conn.login(user, password, callback)` into `authorize(conn, { username: user }, callback)`. */
import type { FileModel } from '../../analysis';
import { detectStyle, indentOf, removeProperties, replaceArguments, replaceCallee, type Edit } from '../../edits';
import type { TransformOptions } from '../report';
import { argumentText, SECRETS, shorthand, type ClientLogin } from './client-login';

/** Local names of what the rewritten call uses; `auth` where it is given a SalesforceAuth. */
interface Names {
  authorize: string;
  auth: string | undefined;
}

export function rewrite(file: FileModel, login: ClientLogin, { authorize, auth }: Names, { flow }: TransformOptions): Edit[] {
  const { source } = file;
  const { call, credentials, username, holder } = login;
  const style = detectStyle(source);
  const client = argumentText(file, login.client);
  const edits = [replaceCallee(source, call, authorize)];
  const other = auth ? shorthand('auth', auth) : flow === 'client-credentials' ? `flow: ${style.quote}client-credentials${style.quote}` : undefined;
  const [first] = call.arguments;
  // An object of credentials stays, less its password, unless something else says who logs in.
  const isKept = !other && username === undefined;
  const isReplaced = first !== undefined && first === holder && !isKept;
  if (holder && !isReplaced) edits.push(...removeProperties(source, holder, SECRETS));
  if (isKept) return [...edits, replaceArguments(source, call, 0, 0, client)];
  const opening = first && source.getTokenBefore(first, { filter: (token) => token.value === '(' });
  const onOwnLine = opening && opening.loc.end.line < first.loc.start.line;
  const between = onOwnLine ? `,${style.eol}${indentOf(source, first)}` : ', ';
  return [...edits, replaceArguments(source, call, 0, credentials, `${client}${between}{ ${other ?? shorthand('username', username!)} }`)];
}
