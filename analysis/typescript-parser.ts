/**
 * The parser for TypeScript, as a build of its own with all that it needs but `typescript`: what it loads `typescript` from
 * is then this package, whose dependency has the API that it calls. As a package beside us, a part of it (ts-api-utils) is
 * installed next to the project's TypeScript, and TypeScript 7 has no such API.
 */
export { parseForESLint } from '@typescript-eslint/parser';
