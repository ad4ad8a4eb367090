/** The options of a salesforce-pubsub-api-client: the same user, or the app, in place of a password. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { FileModel, Login } from '../../analysis';
import { nameOf, propertyOf } from '../../analysis/scope';
import type { Node } from '../../analysis/source';
import { addPropertyBefore, detectStyle, readFromEnvironment, removeProperties, replaceNode, type Edit } from '../../edits';
import { isReadOnce } from './client-login';
import { namesBothHosts } from './token-request';
import type { Flow } from '../report';

/** What the analysis calls a login of this client. */
export const PUBSUB = 'salesforce-pubsub-api-client';

const AUTH_TYPE = { 'jwt-bearer': 'oauth-jwt-bearer', 'client-credentials': 'oauth-client-credentials' } as const;
/** The same in the library's own enum. */
const MEMBER = { 'jwt-bearer': 'OAUTH_JWT_BEARER', 'client-credentials': 'OAUTH_CLIENT_CREDENTIALS' } as const;
/** What only the password had a use for. */
const DROPPED = { 'jwt-bearer': ['password', 'userToken'], 'client-credentials': ['username', 'password', 'userToken'] } as const;
const GENERIC_HOST = /^https:\/\/(?:login|test)\.salesforce\.com\/?$/;

export interface PubSubOptions {
  object: TSESTree.ObjectExpression;
  authType: TSESTree.Property;
  loginUrl: TSESTree.Property;
}

/** Undefined where the options are not all plain to see, or are read for more than to make the client. */
export function pubsubOptions(file: FileModel, { node: authType, username, password }: Login): PubSubOptions | undefined {
  const object = authType.parent;
  if (authType.type !== 'Property' || object?.type !== 'ObjectExpression' || !object.properties.every((property) => property.type === 'Property' && nameOf(property) !== undefined)) return undefined;
  const loginUrl = propertyOf(object, 'loginUrl');
  // Each is set in the object and nowhere else: what is put in later would be there still.
  const areHere = propertyOf(object, 'username')?.value === username && propertyOf(object, 'password')?.value === password;
  if (!username || !password || !loginUrl || !areHere || file.values.of(authType.value).length > 1) return undefined;
  return isOnlyGiven(file, object) ? { object, authType, loginUrl } : undefined;
}

/** Is an object given to a constructor, by itself or as a variable that nothing else reads? */
function isOnlyGiven(file: FileModel, { parent }: TSESTree.ObjectExpression): boolean {
  if (parent.type !== 'VariableDeclarator') return parent.type === 'NewExpression';
  return parent.id.type === 'Identifier' && parent.parent.parent?.type !== 'ExportNamedDeclaration' && isReadOnce(file, parent.id);
}

export function toOAuth(file: FileModel, { object, authType, loginUrl }: PubSubOptions, flow: Flow): Edit[] {
  const { source } = file;
  const added = Object.entries(SETTINGS[flow](detectStyle(source).quote)).filter(([name]) => !propertyOf(object, name));
  return [
    chosen(file, authType, flow),
    ...added.map(([name, value]) => addPropertyBefore(source, loginUrl, `${name}: ${value}`)),
    ...removeProperties(source, object, DROPPED[flow]),
    ...ownHost(file, loginUrl.value),
  ];
}

/** The values of the properties that `toOAuth` removes. */
export function unreadOptions({ object, authType }: PubSubOptions, flow: Flow): Node[] {
  return [authType.value, ...DROPPED[flow].flatMap((name) => propertyOf(object, name)?.value ?? [])];
}

/** The key may be written with \n for its line breaks, as the runtime takes it; Node's crypto wants the breaks themselves. */
const SETTINGS: Readonly<Record<Flow, (quote: string) => Record<string, string>>> = {
  'jwt-bearer': (quote) => ({ clientId: 'process.env.SALESFORCE_CLIENT_ID', privateKey: `process.env.SALESFORCE_PRIVATE_KEY?.replace(/\\\\n/g, ${quote}\\n${quote})` }),
  'client-credentials': () => ({ clientId: 'process.env.SALESFORCE_CLIENT_ID', clientSecret: 'process.env.SALESFORCE_CLIENT_SECRET' }),
};

function chosen({ source }: FileModel, authType: TSESTree.Property, flow: Flow): Edit {
  const { value } = authType;
  if (value.type === 'MemberExpression' && !value.computed) return replaceNode(source, value.property, MEMBER[flow]);
  const quote = value.type === 'Literal' ? value.raw[0]! : detectStyle(source).quote;
  const text = quote + AUTH_TYPE[flow] + quote;
  return authType.shorthand ? { range: [...authType.range], text: `authType: ${text}` } : replaceNode(source, value, text);
}

/** External Client Apps are found at the org's own host only, and the client names this one in its assertion. https://github.com/n8n-io/n8n/issues/28990 */
function ownHost(file: FileModel, loginUrl: Node): Edit[] {
  if (loginUrl.type !== 'Literal' || !GENERIC_HOST.test(String(loginUrl.value)) || namesBothHosts(file)) return [];
  return readFromEnvironment(file.source, loginUrl, [{ range: loginUrl.range, name: 'SALESFORCE_LOGIN_URL' }]) ?? [];
}
