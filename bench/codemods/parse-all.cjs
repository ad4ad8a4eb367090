// A jscodeshift transform that parses every file, as most do, and then looks for one import.
module.exports = ({ source }, { jscodeshift }) => {
  jscodeshift(source).find(jscodeshift.ImportDeclaration, { source: { value: 'jsforce' } });
};
