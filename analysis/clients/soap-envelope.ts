/** Hand-written SOAP login: an envelope with a `login` element, posted by whatever HTTP client. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { FileModel } from '../file';
import { receivers } from '../flow';
import { partsOf } from '../pieces';
import { positionsOf } from '../positions';
import { nameOf } from '../scope';
import type { Login } from '../shapes';
import type { Node } from '../source';
import type { Value } from '../values';
import { LOGIN_ELEMENT } from '../vocabulary/soap';
import type { Client } from './client';

const LOGIN_ELEMENTS = new RegExp(LOGIN_ELEMENT, 'g');
/** What stands around or inside that element: a log line that says `<login>` has none of it. */
const AROUND_LOGIN = /<(?:[\w-]+:)?(?:Envelope|Body|username|password)[\s>]|<\/(?:[\w-]+:)?login>/;
const REQUEST = /request|fetch|post|send|axios|got|http|call|soap|login|auth|ajax|exec|invoke|write|end$|put|rp$|query|token|session/i;
/** Methods of a request that give it back. */
const HANDS_ON = new Set(['on', 'once', 'setTimeout']);
const SALESFORCE_NAMESPACE = /urn:(?:partner|enterprise|[\w.]*)\.?soap\.sforce\.com/;
const SOAP_ADDRESS = /\/services\/Soap\/[uc](?:\/|\b)/i;

export const soapEnvelope: Client = {
  name: 'hand-written SOAP request',
  *logins(file) {
    const reported = new Set<Node>();
    for (const envelope of envelopes(file)) {
      const calls = receivers(file, envelope);
      const requests = calls.filter((call) => REQUEST.test(file.source.getText(call.callee))).map((call) => requestBehind(file, call));
      const version = apiVersion(file);
      // An envelope that only goes elsewhere (a table of samples, a test's expectation) logs nobody in.
      for (const node of calls.length > 0 ? requests : [envelope]) {
        if (reported.has(node)) continue;
        reported.add(node);
        yield {
          kind: 'soap-login',
          library: 'a hand-written SOAP request',
          node,
          confidence: 'proof',
          ...(node.type === 'CallExpression' && { call: node }),
          ...(version !== undefined && { apiVersion: version }),
          envelope,
          ...holes(file, envelope),
        } satisfies Login;
      }
    }
  },
};

/** Expressions that add up to a login envelope, outermost only. */
function* envelopes(file: FileModel): Iterable<Node> {
  const elements = positionsOf(file.source.text, LOGIN_ELEMENTS);
  if (elements.isEmpty) return;
  const candidates: Node[] = [...file.all('TemplateLiteral'), ...file.all('Literal'), ...file.all('BinaryExpression'), ...file.methodCalls.named('join')];
  const found = new Set<Node>();
  for (const node of candidates) {
    if (!elements.isAnyIn(node)) continue;
    const raw = file.source.getText(node);
    const outer = outermost(node);
    if (found.has(outer)) continue;
    const texts = file.values.strings(outer);
    const whole = texts.length > 0 ? texts : [file.source.getText(outer)];
    if (whole.some((text) => LOGIN_ELEMENT.test(text) && AROUND_LOGIN.test(text) && (SALESFORCE_NAMESPACE.test(text) || SALESFORCE_NAMESPACE.test(raw) || SOAP_ADDRESS.test(file.source.text)))) {
      found.add(outer);
      yield outer;
    }
  }
}

/** The whole concatenation, or the joined array, that a piece of text belongs to. */
function outermost(node: Node): Node {
  let current = node;
  for (;;) {
    const parent = current.parent as Node | undefined;
    if (parent?.type === 'BinaryExpression' && parent.operator === '+') current = parent;
    else if (parent?.type === 'ArrayExpression' && parent.parent?.type === 'MemberExpression' && nameOf(parent.parent) === 'join' && parent.parent.parent?.type === 'CallExpression') current = parent.parent.parent;
    else return current;
  }
}

/** `req.write(xml)` sends what `https.request(…)` opened: the request is the place to look at. */
function requestBehind(file: FileModel, call: TSESTree.CallExpression): Node {
  const { callee } = call;
  if (callee.type !== 'MemberExpression' || !['write', 'end'].includes(nameOf(callee) ?? '')) return call;
  let target: Node = callee.object;
  // `https.request(…).on('error', reject).end(xml)`
  while (target.type === 'CallExpression' && target.callee.type === 'MemberExpression' && HANDS_ON.has(nameOf(target.callee) ?? '')) target = target.callee.object;
  const opened = file.values.of(target).find((value): value is Extract<Value, { kind: 'result' }> => value.kind === 'result');
  return opened?.call ?? call;
}

/** Who an envelope logs in: the one expression between `<username>` and its end, or the text there; and what the password is made of. */
export function credentialsIn(file: FileModel, envelope: Node): { username: Node | string | undefined; password: Node[] } {
  const holes: { name: string; node: Node }[] = [];
  let text = '';
  for (const part of partsOf(file, envelope)) {
    if ('text' in part) text += part.text;
    else {
      const name = /<(?:[\w-]+:)?(username|password)(?:\s[^<>]*)?>(?:(?!<\/)[^])*$/.exec(text)?.[1];
      if (name) holes.push({ name, node: part });
      text += HOLE;
    }
  }
  const inside = (name: string) => holes.filter((hole) => hole.name === name).map(({ node }) => node);
  const written = /<(?:[\w-]+:)?username(?:\s[^<>]*)?>\s*(?:<!\[CDATA\[)?\s*([^<>\]]*?)\s*(?:\]\]>)?\s*<\//.exec(text)?.[1];
  const username = written === HOLE ? inside('username')[0] : written && /^[\w.@+-]+$/.test(written) ? written : undefined;
  return { username, password: inside('password') };
}

/** Stands for an expression in the text of an envelope. */
const HOLE = '\0';

function holes(file: FileModel, envelope: Node): Pick<Login, 'username' | 'password'> {
  const { username, password } = credentialsIn(file, envelope);
  return { ...(username && typeof username !== 'string' && { username }), ...(password[0] && { password: password[0] }) };
}

function apiVersion(file: FileModel): number | undefined {
  const versions = new Set([...file.source.text.matchAll(/\/services\/Soap\/[uc]\/(\d+)(?:\.\d)?/gi)].map((match) => Number(match[1])));
  return versions.size === 1 ? [...versions][0] : undefined;
}
