/** Text edits by range, shared by rule fixes and codemods. Edits are made from a `Source`; nothing here prints a tree. */
export { appendArgument, removeArgument, replaceArguments } from './argument';
export { insertBelowImports, insertStatementBehind } from './import-position';
export { removeImportSpecifier, removeRequireBinding } from './binding';
export { replaceCallee } from './callee';
export { removeDeclarator } from './declaration';
export { applyEdits, edited, type Edit } from './edits';
export { isGivenToEnvironment, readFromEnvironment } from './environment';
export { moveNowAhead, raiseBuffer } from './expiry-buffer';
export { declarationStyle, ensureImport, type ImportRequest } from './import';
export { markersIn, markerOf, markStatement } from './marker';
export { indentOf, replaceNode, textOf } from './node';
export { freeName } from './names';
export { addProperty, addPropertyBefore, removeProperties, removeProperty } from './property';
export { listAround, removeStatement, statementOf } from './statement';
export { detectStyle, type Style } from './style';
export { wrapExpression } from './wrap';
