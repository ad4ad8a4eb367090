/** What people write where a secret belongs, when they mean none. */

/** Words that placeholders are made of, longest first where one begins another. */
const WORDS = new RegExp(
  [
    'placeholder', 'salesforce', 'jsforce', 'nforce', 'sfdc', 'username', 'usr', 'user', 'password', 'passwort', 'passwd', 'passphrase', 'pass', 'pwd', 'security',
    'credentials?', 'secrets?', 'tokens?', 'tkn', 'consumer', 'client', 'connected', 'private', 'public', 'refresh', 'access', 'session', 'oauth2?', 'api', 'app', 'keys?', 'id',
    'change', 'replace', 'insert', 'enter', 'update', 'put', 'fill', 'add', 'set', 'here', 'your?', 'yours', 'own', 'mine', 'my', 'the', 'an', 'a', 'and', 'or', 'me', 'it', 'is', 'with', 'from',
    'some', 'any', 'new', 'old', 'wrong', 'invalid', 'valid', 'bad', 'good', 'correct', 'incorrect', 'expired', 'encrypted', 'redacted', 'hidden', 'masked', 'removed', 'missing', 'unset', 'undefined', 'null', 'none', 'empty',
    'default', 'dummy', 'fake', 'mock(?:ed)?', 'stub', 'test(?:ing|er)?', 'example', 'sample', 'demo', 'foo', 'bar', 'baz', 'qux', 'abc', 'xyz', 'value', 'string', 'text', 'todo', 'tbd', 'fixme', 'super', 'not', 'real',
    'org', 'login', 'auth', 'service', 'account', 'admin', 'env', 'var', 'config', 'hunter2', 'x+', '\\*+', '\\.{2,}', '…',
  ].join('|'),
  'gi',
);
/** A hole that a template engine, a shell, a build or a reader fills: `{{name}}`, `<name>`, `${NAME}`, `$NAME`, `%NAME%`, `[name]`. */
const HOLE = /\{\{.*\}\}|<[^<>]*>|\$\{[^}]*\}|^\$\w+$|^%\w+%$|^\[.*\]$|^__\w+__$|^@\w+@$|^\{!.*\}$|^\(.*\)$/s;
/** The name of a setting rather than its value: `SF_PASSWORD`. */
const CONSTANT_NAME = /^[A-Z][A-Z\d]*(?:_[A-Z\d]+)+$/;
/** Words that say what the value should be: `fallback-client-secret`, `SuperSecretPassword`. */
const NAMES_ITSELF = /^(?=.*(?:secret|token|pass|pwd))[a-z\s_.-]+$/i;
const DIGITS = '1234567890123456789012345678901234567890';

/** Is a text a stand-in for a secret: empty, a hole, a name, or words such as `YOUR_TOKEN`, `changeme`, `xxx`? */
export function isPlaceholder(text: string): boolean {
  if (text.length > 200) return false;
  if (HOLE.test(text) || CONSTANT_NAME.test(text) || NAMES_ITSELF.test(text)) return true;
  const rest = text.toLowerCase().replace(WORDS, '').replace(/[^\p{L}\d]/gu, '');
  return rest === '' || DIGITS.startsWith(rest) || '0'.repeat(rest.length) === rest || /^(.)\1*$/.test(rest);
}
