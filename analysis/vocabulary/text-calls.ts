/** Calls that give back what they were given: as it is, as text, or along with other things. */

/** Give back their first argument, in whatever form. */
export const KEEPS_ARGUMENT = new Set([
  'parse', 'inspect', 'String', 'encodeURIComponent', 'decodeURIComponent', 'encodeURI', 'escape', 'unescape', 'from', 'structuredClone', 'entries', 'values', 'fromEntries', 'resolve', 'cloneDeep', 'clone',
  'prettyjson', 'atob', 'btoa',
]);
/** Give back a text of their first argument. */
export const MAKES_TEXT = new Set(['inspect', 'String', 'encodeURIComponent', 'decodeURIComponent', 'encodeURI', 'btoa', 'render', 'dump']);
/** Give back all their arguments, and what they are called on. */
export const KEEPS_ALL = new Set(['assign', 'format', 'sprintf', 'merge', 'extend', 'defaults', 'concat', 'join']);
/** Give back what they are called on. */
export const KEEPS_RECEIVER = new Set(['toString', 'trim', 'json', 'text', 'join', 'concat', 'toJSON', 'valueOf', 'clone', 'promise', 'toObject', 'normalize', 'catch', 'finally']);
/** Libraries that colour a text. */
export const COLOURS = new Set(['chalk', 'colors', 'kleur', 'clc', 'c', 'pc', 'picocolors', 'ansis']);
