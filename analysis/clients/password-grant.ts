/** The OAuth username-password flow by hand: `grant_type=password` in a body, form or URL, whatever the HTTP client. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { FileModel } from '../file';
import { addressesAround, mentionsSalesforce } from '../salesforce';
import { nameOf } from '../scope';
import type { Node } from '../source';
import type { Client } from './client';

const GRANT_NAME = /^grant_?type$/i;
const IN_TEXT = /\bgrant_type=password(?![\w-])/;

export const passwordGrant: Client = {
  name: 'OAuth token request',
  *logins(file) {
    if (!/grant_?type/i.test(file.source.text)) return;
    for (const { node, around } of choices(file)) {
      if (!isSalesforce(file, around)) continue;
      yield { kind: 'password-grant', library: 'an OAuth token request', node, confidence: 'proof', ...credentials(around) };
    }
  },
};

interface Choice {
  node: Node;
  /** What holds the whole request's fields. */
  around: Node;
}

function* choices(file: FileModel): Iterable<Choice> {
  for (const property of file.all('Property')) {
    if (property.parent?.type !== 'ObjectExpression' || !GRANT_NAME.test(nameOf(property) ?? '')) continue;
    if (file.values.strings(property.value).includes('password')) yield { node: property, around: property.parent };
  }
  for (const call of file.all('CallExpression')) {
    const [name, value] = call.arguments;
    if (call.callee.type !== 'MemberExpression' || !name || !value) continue;
    if (!['append', 'set', 'field'].includes(nameOf(call.callee) ?? '')) continue;
    if (file.values.strings(name).some((text) => GRANT_NAME.test(text)) && file.values.strings(value).includes('password')) yield { node: call, around: call };
  }
  for (const assignment of file.all('AssignmentExpression')) {
    if (assignment.left.type !== 'MemberExpression' || !GRANT_NAME.test(nameOf(assignment.left) ?? '')) continue;
    if (file.values.strings(assignment.right).includes('password')) yield { node: assignment, around: assignment };
  }
  for (const literal of file.all('Literal')) {
    if (typeof literal.value === 'string' && IN_TEXT.test(literal.value)) yield { node: literal, around: literal };
  }
  for (const template of file.all('TemplateLiteral')) {
    if (template.quasis.some((quasi) => IN_TEXT.test(quasi.value.raw))) yield { node: template, around: template };
  }
}

/** The request's own address decides; without one in sight, a file that is about Salesforce does. */
function isSalesforce(file: FileModel, node: Node): boolean {
  return addressesAround(file, node) ?? mentionsSalesforce(file);
}

function credentials(around: Node): { username?: Node; password?: Node } {
  if (around.type !== 'ObjectExpression') return {};
  const field = (name: string) => around.properties.find((one): one is TSESTree.Property => one.type === 'Property' && nameOf(one) === name)?.value;
  const username = field('username');
  const password = field('password');
  return { ...(username && { username }), ...(password && { password }) };
}
