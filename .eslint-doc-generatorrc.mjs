/** @type {import('eslint-doc-generator').GenerateOptions} */
export default {
  ignoreConfig: ['all', 'legacy-recommended', 'legacy-strict', 'legacy-all'],
  ruleDocTitleFormat: 'name',
  ruleDocNotices: ['description', 'configs', 'fixableAndHasSuggestions', 'options'],
  ruleListColumns: ['name', 'description', 'configsError', 'fixable', 'hasSuggestions', 'options'],
  ruleDocSectionInclude: ['What breaks, and when', 'When not to use it'],
  configEmoji: [['recommended', '✅'], ['strict', '🔒']],
  urlConfigs: 'https://github.com/salesforce-auth/eslint-plugin-salesforce-auth#presets',
};
