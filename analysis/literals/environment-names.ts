/** Which environment variable the secrets of a file are to be read from: a name for each secret, the same wherever it stands. */
import type { FileModel } from '../file';
import { namesAround, placeOf, type Secret, type SecretKind } from './secret';
import { nameOf } from '../scope';
import type { Node } from '../source';
import { wordsOf } from '../vocabulary/time';

/** The names that salesforce-auth-client reads, where it reads such a secret. */
const NAMES: Readonly<Record<SecretKind, string>> = {
  'session id': 'ACCESS_TOKEN',
  'access token': 'ACCESS_TOKEN',
  'refresh token': 'REFRESH_TOKEN',
  'SFDX auth URL': 'SFDX_AUTH_URL',
  'private key': 'PRIVATE_KEY',
  'client secret': 'CLIENT_SECRET',
  password: 'PASSWORD',
  'security token': 'SECURITY_TOKEN',
};

/** Words that do not tell one secret of a kind from another. */
const SAYS_NOTHING = new Set(
  ('salesforce sforce sf sfdc sfdx jsforce nforce force access refresh token tokens session sid id client consumer secret secrets password passwd pass pwd security private key auth oauth oauth2 bearer authorization ' +
    'authorize authenticate header headers url uri xml body form data value default conn connection connections connect login config configuration settings options opts params credentials creds user username org account ' +
    'create new get set my the module exports process env const this main run start init index append json parse stringify').split(' '),
);

/** A name for each secret. Names that the file reads already stay those of what they are read for. */
export function environmentNames(file: FileModel, secrets: readonly Secret[], prefix: 'SALESFORCE' | 'OAUTH'): ReadonlyMap<Secret, string> {
  const byIdentity = new Map<number, Secret[]>();
  for (const secret of secrets) byIdentity.set(secret.identity, [...(byIdentity.get(secret.identity) ?? []), secret]);
  const names = new Map<number, string>();
  const taken = new Set(namesRead(file));
  for (const [identity, group] of byIdentity) {
    const read = group.map(({ node }) => node && readBefore(file, node)).find(Boolean);
    if (read) names.set(identity, read);
  }
  const nameless = [...byIdentity].filter(([identity]) => !names.has(identity));
  for (const [identity, group] of nameless) {
    const plain = plainName(group[0]!, prefix);
    const isOnly = nameless.every(([other, [first]]) => other === identity || plainName(first!, prefix) !== plain);
    const told = isOnly ? undefined : group.map((one) => toldApart(file, one, prefix)).find(Boolean);
    const name = free(told ?? plain, taken);
    taken.add(name);
    names.set(identity, name);
  }
  return new Map(secrets.map((secret) => [secret, names.get(secret.identity)!]));
}

function plainName({ kind, encoded }: Secret, prefix: string): string {
  return kind === 'SFDX auth URL' ? NAMES[kind] : `${prefix}_${encoded ? 'BASIC_AUTH' : NAMES[kind]}`;
}

/** The plain name with what the variable, the key or the function around a secret is called, where that says more. */
function toldApart(file: FileModel, secret: Secret, prefix: string): string | undefined {
  const { kind, encoded } = secret;
  for (const name of namesAround(placeOf(file.source, secret))) {
    const words = wordsOf(name).filter((word) => !SAYS_NOTHING.has(word));
    if (words.length > 0) return [prefix, ...words.map((word) => word.toUpperCase()), encoded ? 'BASIC_AUTH' : NAMES[kind]].join('_');
  }
  return undefined;
}

function free(name: string, taken: ReadonlySet<string>): string {
  let count = 1;
  const next = () => (count === 1 ? name : `${name}_${count}`);
  while (taken.has(next())) count++;
  return next();
}

/** The environment variable that a literal stands in for, as in `process.env.SF_TOKEN || '…'`. */
function readBefore(file: FileModel, { parent }: Node): string | undefined {
  if (parent?.type === 'AssignmentPattern' && parent.parent.type === 'Property' && isEnvironment(parent.parent.parent.parent)) return nameOf(parent.parent);
  if (parent?.type !== 'LogicalExpression') return undefined;
  for (const value of file.values.of(parent.left)) if (value.kind === 'env') return value.name;
  return undefined;
}

/** The names of every variable that a file reads or sets. */
function* namesRead(file: FileModel): Iterable<string> {
  for (const node of file.all('MemberExpression')) {
    const name = isEnv(node.object) ? nameOf(node) : undefined;
    if (name !== undefined) yield name;
  }
  for (const pattern of file.all('ObjectPattern')) {
    if (!isEnvironment(pattern.parent)) continue;
    for (const property of pattern.properties) if (property.type === 'Property') yield nameOf(property) ?? '';
  }
}

/** Does a declaration take from the environment: `const { SF_TOKEN = '…' } = process.env`? */
function isEnvironment(declarator: Node | undefined): boolean {
  return declarator?.type === 'VariableDeclarator' && declarator.init !== null && isEnv(declarator.init);
}

function isEnv(node: Node): boolean {
  return node.type === 'MemberExpression' && node.object.type === 'Identifier' && node.object.name === 'process' && nameOf(node) === 'env';
}
