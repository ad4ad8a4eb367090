import { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';
import plugin from '../..';
import rule from '../../rules/no-unbounded-auth-retry';
import { type Case, readMarks } from '../support/cases';
import { type Expected, testRule } from '../support/rule-tester';

type Row = Case & { because?: 'recursion' | 'loop' | 'interceptor' | { incurable: string } };

const INTERCEPTOR = (guard: string, retry: string) => `
  // salesforce
  const axios = require('axios');
  const api = axios.create({});
  api.interceptors.response.use((answer) => answer, async (error) => {
    if (error.response.status !== 401${guard}) return Promise.reject(error);
    error.config.headers.Authorization = await refreshToken();
    return ${retry};
  });
`;

const cases: Row[] = [
  { name: 'recursion', because: 'recursion', code: "// salesforce\nasync function query(soql) { const answer = await send(soql); if (answer.status === 401) { await refreshToken(); return ⟦query(soql)⟧; } return answer; }" },
  { name: 'recursion in a method', because: 'recursion', code: "class Salesforce { async query(soql) { try { return await send(soql); } catch (error) { if (error.errorCode === 'INVALID_SESSION_ID') { await this.login(); return ⟦this.query(soql)⟧; } throw error; } } }" },
  { name: 'recursion along promises', because: 'recursion', code: "// salesforce\nconst query = (soql) => send(soql).catch((error) => { if (error.statusCode !== 401) throw error; return refreshToken().then(() => ⟦query(soql)⟧); });" },
  { name: 'recursion through a helper', because: 'recursion', code: "// salesforce\nfunction again(soql) { return query(soql); }\nasync function query(soql) { const answer = await send(soql); if (answer.status === 401) { await refreshToken(); return ⟦again(soql)⟧; } return answer; }" },
  { name: 'recursion from any error', because: 'recursion', code: "// salesforce\nasync function query(soql) { try { return await send(soql); } catch { await refreshToken(); return ⟦query(soql)⟧; } }" },
  { name: 'a refresh that is a request', because: 'recursion', code: "// salesforce\nasync function query(soql) { const answer = await send(soql); if (answer.status === 401) { await fetch('/api/token'); return ⟦query(soql)⟧; } return answer; }" },
  { name: 'a parameter passed on unchanged', because: 'recursion', code: "// salesforce\nasync function query(soql, again) { const answer = await send(soql); if (again && answer.status === 401) { await refreshToken(); return ⟦query(soql, again)⟧; } return answer; }" },
  { name: 'a loop', because: 'loop', code: "// salesforce\nasync function query() { while (true) { const answer = await send(); if (answer.status === 401) { await ⟦refreshToken()⟧; continue; } return answer; } }" },
  { name: 'an interceptor on the same instance', because: 'interceptor', code: INTERCEPTOR('', '⟦api(error.config)⟧') },
  { name: 'an interceptor, by request()', because: 'interceptor', code: INTERCEPTOR('', '⟦api.request(error.config)⟧') },
  { name: 'a limit', because: { incurable: 'REQUEST_LIMIT_EXCEEDED' }, code: "// salesforce\nasync function run() { try { await send(); } catch (error) { if (error.errorCode === 'REQUEST_LIMIT_EXCEEDED') { await ⟦refreshToken()⟧; } } }" },
  { name: 'a refused grant', because: { incurable: 'invalid_grant' }, code: "// salesforce\nasync function run(error) { if (error.error === 'invalid_grant') await ⟦refreshToken()⟧; }" },
  { name: 'any 403', because: { incurable: '403' }, code: "// salesforce\nasync function run(answer) { if (answer.status === 403) await ⟦refreshToken()⟧; }" },

  { name: 'bounded by a flag', code: "// salesforce\nasync function query(soql, again = true) { const answer = await send(soql); if (again && answer.status === 401) { await refreshToken(); return query(soql, false); } return answer; }" },
  { name: 'bounded by a counter that is passed on', code: "// salesforce\nasync function query(soql, left) { if (left === 0) throw new Error('refused'); const answer = await send(soql); if (answer.status === 401) { await refreshToken(); return query(soql, left - 1); } return answer; }" },
  { name: 'bounded by a counter outside', code: "// salesforce\nlet tries = 0;\nasync function query() { const answer = await send(); if (answer.status === 401 && tries <= 3) { tries++; await refreshToken(); return query(); } return answer; }" },
  { name: 'bounded by a flag in the options', code: "// salesforce\nasync function query(options) { const { retried } = options; const answer = await send(options); if (answer.status === 401 && !retried) { options.retried = true; await refreshToken(); return query(options); } return answer; }" },
  { name: 'bounded by the clock', code: "// salesforce\nasync function query(start) { const answer = await send(); if (answer.status === 401 && Date.now() - start < 5000) { await refreshToken(); return query(start); } return answer; }" },
  { name: 'an end that another function decides', code: "// salesforce\nasync function query(sent) { const answer = await send(sent); if (answer.status === 401) { if (isYounger(sent)) throw new Error('refused'); await refreshToken(); return query(sent); } return answer; }" },
  { name: 'a loop with a counter', code: "// salesforce\nasync function query() { let tries = 0; while (true) { const answer = await send(); if (answer.status === 401 && tries < 2) { tries++; await refreshToken(); continue; } return answer; } }" },
  { name: 'a second request, once', code: "// salesforce\nasync function query(soql) { const answer = await send(soql); if (answer.status === 401) { await refreshToken(); return send(soql); } return answer; }" },
  { name: 'an interceptor with a mark', code: INTERCEPTOR(' || error.config._retry', '((error.config._retry = true), api(error.config))') },
  { name: 'an interceptor that retries on another client', code: INTERCEPTOR('', 'axios(error.config)') },
  { name: 'a poll', code: "// salesforce\nasync function poll(id) { const job = await status(id); if (job.state === 'Open') { await wait(); return poll(id); } return job; }" },
  { name: 'a refresh that comes round by the clock', code: "// salesforce\nasync function keepFresh() { try { await refreshToken(); } catch (error) { setTimeout(() => keepFresh(), 60000); } }" },
  { name: '403 with its text looked at, beside 401', code: "// salesforce\nasync function who(answer, text) { if (answer.status === 401 || (answer.status === 403 && text === DEAD)) await refreshToken(); }" },
  { name: '403 on the identity address', code: "// salesforce\nasync function who(answer) { if (answer.status === 403 && answer.text === 'Bad_OAuth_Token') await refreshToken(); }" },
];

const expected = (one: Case): Expected[] =>
  readMarks(one.code).places['soap-login'].map((place) => {
    const because = (one as Row).because!;
    return typeof because === 'string' ? { messageId: because, ...place } : { messageId: 'incurable', data: { error: because.incurable }, ...place };
  });

describe('no-unbounded-auth-retry', () => {
  testRule(rule as never, { cases, expected });

  it("watches every OAuth client where the scope is 'any'", () => {
    const code = 'async function load() { const answer = await send(); if (answer.status === 401) { await refreshToken(); return load(); } return answer; }';
    const count = (scope: string) =>
      new Linter().verify(code, [{ ...(plugin.configs.recommended as unknown as Linter.Config), settings: { 'salesforce-auth': { scope } } }], { filename: 'case.js' }).length;
    expect([count('salesforce'), count('any')]).toEqual([0, 1]);
  });
});
