import { describe } from 'vitest';
import { PASSWORD_GRANT, SOAP_LOGIN } from '../../analysis/vocabulary/lifecycle';
import rule from '../../rules/no-password-grant';
import { type Case, readMarks } from '../support/cases';
import { checkWords } from '../support/words';
import { type Expected, testRule } from '../support/rule-tester';
import { loginCases } from './cases';
import { marked } from './cases/marked';

function expected({ code, says = {} }: Case): Expected[] {
  const { library = 'jsforce', note } = says;
  return readMarks(code).places['password-grant'].map((place) => ({
    messageId: 'passwordGrant',
    data: { library, note: note === undefined ? '' : ` (${note})`, endsIn: PASSWORD_GRANT.endsIn, soapEndsIn: SOAP_LOGIN.endsIn },
    ...place,
  }));
}

describe('no-password-grant', () => {
  const cases = [...loginCases, ...marked];
  testRule(rule, { cases, expected });
  checkWords(rule, cases);
});
