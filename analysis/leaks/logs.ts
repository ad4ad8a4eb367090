/** Where secrets get out in words: what is logged, answered, thrown or shown. */
import { calleeName, lastName, rootName } from '../calls';
import { modelOf } from '../file';
import { propertyOf, unwrap } from '../scope';
import type { Settings } from '../settings';
import type { Node, Source } from '../source';
import { firstSecret, type HeldSecret } from '../tokens/holders';
import { tokensOf } from '../tokens/reader';
import { isRuledOut } from './branches';
import { isOwnLogger, sinkOf, type Outlet } from './sinks';

/** A secret that is written where others read it. */
export interface Leak {
  outlet: Outlet;
  /** The call or construction that writes it. */
  node: Node;
  secret: HeldSecret;
}

/** Every place of a file that writes a secret to a log, an HTTP answer, an error, the screen or a chat. */
export function leaksIn(source: Source, scope: Settings['scope']): Leak[] {
  const file = modelOf(source);
  const reader = tokensOf(file, scope);
  const leaks: Leak[] = [];
  const add = (outlet: Outlet, node: Node, written: readonly Node[], asText: boolean) => {
    for (const one of written) {
      const secret = asText ? reader.secretInText(one) : reader.secretIn(one);
      if (!secret || isRuledOut(file, reader, node, secret)) continue;
      if (outlet === 'response' && !reader.subject.isOfSalesforce && isTokenAnswer(one)) continue;
      leaks.push({ outlet, node, secret });
      return;
    }
  };
  for (const call of file.all('CallExpression')) {
    const sink = sinkOf(file, call.callee);
    if (sink) add(sink.outlet, call, call.arguments.slice(sink.from ?? 0), sink.asText ?? isOwnLogger(file, call.callee));
    for (const callback of call.arguments) {
      const outlet = callback.type === 'MemberExpression' ? sinkOf(file, callback)?.outlet : undefined;
      const secret = outlet && firstSecret([0, 1, 2], (index) => reader.callbacks.passedTo(callback, index));
      if (secret) leaks.push({ outlet, node: callback, secret });
    }
  }
  for (const made of file.all('NewExpression')) {
    const name = lastName(made.callee);
    if (/(?:Error|Exception)$/.test(name)) add('error', made, made.arguments, true);
    // Tests make responses too, of what they call a token: only one from a known place is one.
    else if (/^(?:Next)?Response$/.test(name) && made.arguments[0] && reader.secretIn(made.arguments[0])?.isTraced) add('response', made, made.arguments.slice(0, 1), false);
  }
  for (const thrown of file.all('ThrowStatement')) {
    if (thrown.argument.type === 'TemplateLiteral' || thrown.argument.type === 'BinaryExpression') add('error', thrown, [thrown.argument], true);
  }
  for (const assignment of file.memberWrites.named('body')) {
    if (/^(?:ctx|res|response)$/.test(rootName(assignment.left) ?? '')) add('response', assignment, [assignment.right], false);
  }
  for (const body of file.properties.named('body')) {
    const object = body.parent;
    // What a Lambda function or an Azure function answers with.
    if (object.type === 'ObjectExpression' && propertyOf(object, 'statusCode')) add('response', object, [body.value], false);
  }
  return leaks.sort((a, b) => a.node.range[0] - b.node.range[0]);
}

/** What an authorization server answers a token request with: handing out tokens is what it is for. */
function isTokenAnswer(node: Node): boolean {
  const inner = unwrap(node);
  if (inner.type === 'CallExpression') return calleeName(inner) === 'stringify' && inner.arguments[0] !== undefined && isTokenAnswer(inner.arguments[0]);
  return inner.type === 'ObjectExpression' && propertyOf(inner, 'access_token') !== undefined && propertyOf(inner, 'token_type') !== undefined;
}
