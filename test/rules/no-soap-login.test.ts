import { describe } from 'vitest';
import { SOAP_LOGIN } from '../../analysis/vocabulary/lifecycle';
import rule from '../../rules/no-soap-login';
import { type Case, readMarks } from '../support/cases';
import { checkWords } from '../support/words';
import { type Expected, testRule } from '../support/rule-tester';
import { loginCases } from './cases';
import { marked } from './cases/marked';

function expected({ code, says = {} }: Case): Expected[] {
  const { library = 'jsforce', note, broken } = says;
  return readMarks(code).places['soap-login'].map((place) => ({
    messageId: broken?.because ?? 'soapLogin',
    data: {
      library,
      note: note === undefined ? '' : ` (${note})`,
      endsIn: SOAP_LOGIN.endsIn,
      lastVersion: 64,
      firstWithout: 65,
      version: broken?.version ?? '',
    },
    ...place,
  }));
}

describe('no-soap-login', () => {
  const cases = [...loginCases, ...marked];
  testRule(rule, { cases, expected });
  checkWords(rule, cases);
});
