import { modelOf } from '../analysis';
import { concernsExpiry, unitSlips } from '../analysis/time/expiry';
import { createRule } from './shared/create-rule';

const UNITS = { ms: 'milliseconds', s: 'seconds', minutes: 'minutes', hours: 'hours', days: 'days' } as const;
const AS_TEXT = new Set(['uncalled', 'issuedAtText', 'dateText']);

export default createRule('consistent-expiry-units', {
  meta: {
    type: 'problem',
    languages: ['js/js'],
    docs: {
      description: "Disallow mixing seconds and milliseconds in a token's expiry",
      preset: 'recommended',
    },
    messages: {
      sum: "This adds or subtracts {{found}} where the other side is {{wanted}}, so the token's expiry is wrong by a factor of 1000. {{step}} first.",
      comparison: "This compares {{found}} with {{wanted}}, so the token's expiry is always or never reached. {{step}} first.",
      date: "This makes a date of {{found}} where {{wanted}} are expected, so the token's expiry is wrong by a factor of 1000. {{step}} first.",
      argument: "This is in {{found}}, and {{wanted}} are expected here, so the token's expiry is wrong by a factor of 1000. {{step}} first.",
      unitName: "This is in {{found}} and counts as {{wanted}} here, so the token's expiry lies far too late. Name the unit {{found}}.",
      issuedAtText: "Salesforce sends `issued_at` as a string, so `+` puts the digits behind each other and the token's expiry lies thousands of years ahead. Wrap it in `Number(…)` first.",
      dateText: "`+` makes a text of a Date, so the token's expiry is no number and is never reached. Write `Date.now()`, or call `.getTime()` first.",
      uncalled: "`Date.now` is not called, so the token's expiry is no number and is never reached. Write `Date.now()`.",
    },
    schema: [],
  },
  followsScope: true,
  create(context) {
    const { sourceCode } = context;
    if (!concernsExpiry(sourceCode.text)) return {};
    return {
      'Program:exit'() {
        const file = modelOf(sourceCode);
        for (const { node, kind, found, wanted } of unitSlips(file)) {
          const messageId = kind === 'argument' && wanted !== 'ms' && wanted !== 's' ? 'unitName' : kind;
          const step = found === 's' ? 'Multiply the seconds by 1000' : 'Divide the milliseconds by 1000';
          context.report({ node, messageId, data: AS_TEXT.has(kind) ? {} : { found: UNITS[found], wanted: UNITS[wanted], ...(messageId !== 'unitName' && { step }) } });
        }
      },
    };
  },
});
