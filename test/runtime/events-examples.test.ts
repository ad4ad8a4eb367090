import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Flow } from 'salesforce-auth-client';
import { describe, expect, it } from 'vitest';
import { expectClean } from './secrets';

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const page = readFileSync(path('../../docs/runtime/events.md'), 'utf8');

/** The first code block under a heading. */
function example(heading: string, language = 'js'): string {
  const [, section = ''] = page.split(`\n## ${heading}\n`);
  const [, code] = new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(section.split('\n## ')[0] ?? '') ?? [];
  return code ?? expect.fail(`docs/runtime/events.md has no ${language} block under ${heading}`);
}

interface Span {
  name: string;
  kind: number;
  status: { code: number; message?: string };
  attributes: Record<string, unknown>;
  events: unknown[];
  duration: [number, number];
  parent?: string;
  id: string;
}

interface Outcome {
  secrets: string[];
  users: string[];
  started: number;
  spans: Span[];
  counters: { name: string; points: { attributes: Record<string, unknown>; value: number }[] }[];
}

/** What a program with this code in it says and prints, to its very end: an error that nobody caught. */
async function run(flow: Flow, code: string): Promise<Outcome & { stdout: string; stderr: string }> {
  const programs = [path('../../runtime/dist/index.cjs'), path('../../runtime/dist/testing/index.cjs'), flow];
  const child = fork(path('programs/events-child.cjs'), programs, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const [stdout, stderr, exit] = [text(child.stdout!), text(child.stderr!), once(child, 'exit')];
  const told = once(child, 'message') as Promise<[Outcome]>;
  child.send(code);
  const [outcome] = await Promise.race([told, exit.then(async () => expect.fail(await stderr))]);
  expect(await exit).toEqual([1, null]);
  return { ...outcome, stdout: await stdout, stderr: await stderr };
}

const FLOWS: Flow[] = ['jwt-bearer', 'client-credentials', 'refresh-token'];
const identity = expect.stringMatching(/^[0-9a-f]{8}$/) as string;

describe.each(FLOWS)('pino, %s', (flow) => {
  it('L06: a line per event, and a crash after it, with fingerprints only', async () => {
    const { stdout, stderr, secrets, users } = await run(flow, example('pino'));
    const lines = stdout.trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    const shown = lines.map(({ event, level, reason, attempt, code }) => [event, level, reason, attempt, code].filter((value) => value !== undefined).join(' '));
    expect([...shown.slice(0, 3), ...shown.slice(3, 7).sort(), ...shown.slice(7)]).toEqual([
      'refresh.end 30 login 1 TOKEN_REQUEST_FAILED',
      'refresh.end 30 login 2',
      'login 30',
      // Two at the same time.
      'login 30',
      'login 30',
      'refresh.end 30 login 1',
      'refresh.end 30 login 1',
      'refresh.end 30 rejected 1',
      'refresh 30',
      'refresh.end 30 rejected 1 GRANT_REFUSED',
      'reject 50 GRANT_REFUSED',
      'reject 50 GRANT_REFUSED',
    ]);
    for (const line of lines) {
      expect(line).toMatchObject({ identity, msg: 'salesforce-auth' });
      // Milliseconds, not seconds or a text.
      expect(new Date(line['time'] as number).getUTCFullYear()).toBe(new Date().getUTCFullYear());
    }
    expect(new Set(lines.map((line) => line['identity'])).size).toBe(1);

    expect(stderr).toContain('[redacted] of an inactive user');
    expect(stderr).toContain("code: 'GRANT_REFUSED'");
    expectClean(stdout + stderr, secrets);
    expectClean(stdout, users);
  });
});

it('pino: all events have a line, where its level lets them', async () => {
  const { stdout } = await run('client-credentials', example('pino').replace('pino(pino.destination', "pino({ level: 'debug' }, pino.destination"));
  const events = stdout.trim().split('\n').map((line) => (JSON.parse(line) as { event: string }).event);
  expect(events.slice(0, 3)).toEqual(['lock.wait', 'refresh.start', 'refresh.end']);
  const named = [...page.matchAll(/^\| `([a-z._]+)` \|/gm)].map(([, name]) => name);
  const [, levels = ''] = /const levels = \{([^}]*)\}/.exec(example('pino')) ?? [];
  expect([...levels.matchAll(/'?([\w.]+)'?: '\w+'/g)].map(([, name]) => name).sort()).toEqual(named.sort());
});

it('pino: the line on the page is one that comes out', async () => {
  const { stdout } = await run('client-credentials', example('pino'));
  const shown = JSON.parse(example('pino', 'json')) as { event: string; reason: string };
  const fields = stdout.trim().split('\n').map((line) => JSON.parse(line) as typeof shown).filter(({ event, reason }) => event === shown.event && reason === shown.reason);
  expect(Object.keys(fields[0] ?? {})).toEqual(Object.keys(shown));
});

describe.each(FLOWS)('OpenTelemetry, %s', (flow) => {
  it('L06: a span and a count for each token request, none left open, with fingerprints only', async () => {
    const outcome = await run(flow, example('OpenTelemetry'));
    const { spans, counters, secrets, users, started } = outcome;
    const [job, ...others] = spans.filter(({ name }) => name === 'job');
    expect(others).toEqual([]);
    const requests = spans.filter((span) => span !== job);
    expect(started).toBe(requests.length + 1);
    const [UNSET, ERROR, CLIENT] = [0, 2, 2];
    expect(requests.map(({ attributes, status }) => [attributes['reason'], attributes['http.request.resend_count'], attributes['error.type'], status.code])).toEqual([
      ['login', undefined, 'TOKEN_REQUEST_FAILED', ERROR],
      ['login', 1, undefined, UNSET],
      ['login', undefined, undefined, UNSET],
      ['login', undefined, undefined, UNSET],
      ['rejected', undefined, undefined, UNSET],
      ['rejected', undefined, 'GRANT_REFUSED', ERROR],
    ]);
    for (const { name, kind, attributes, duration } of requests) {
      expect({ name, kind, attributes }).toMatchObject({ name: 'salesforce token request', kind: CLIENT, attributes: { identity } });
      expect(duration[0] * 1e9 + duration[1]).toBeGreaterThan(0);
    }
    expect(requests.map(({ parent }) => parent)).toEqual([undefined, undefined, undefined, undefined, job?.id, undefined]);
    // The two at the same time overlap, and each has its own end.
    expect(new Set(requests.map(({ id }) => id)).size).toBe(6);

    expect(counters.map(({ name }) => name)).toEqual(['salesforce_auth.token_requests']);
    const counted = (counters[0]?.points ?? []).map(({ attributes, value }) => [attributes['reason'], attributes['error.type'] ?? 'none', value]);
    expect(counted.sort()).toEqual([['login', 'TOKEN_REQUEST_FAILED', 1], ['login', 'none', 3], ['rejected', 'GRANT_REFUSED', 1], ['rejected', 'none', 1]]);

    expectClean({ spans, counters }, [...secrets, ...users]);
    expect(outcome.stdout).toBe('');
  });
});
