import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loginUrl, scene, start } from './support';

const executablePath = '/usr/bin/chromium';
const args = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
  '--disable-sync',
];
const isMissing = !existsSync(executablePath);

/** A phone on its side and upright, in dark and in light. */
const screens = [
  { width: 320, height: 640, colorScheme: 'dark' },
  { width: 740, height: 360, colorScheme: 'light' },
] as const;

/** Goes through the login page of the org, and reads what it ends on. */
async function clickThrough(page: Page, url: string, button: 'Allow' | 'Deny') {
  const seen: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => seen.push(new URL(request.url()).pathname));
  page.on('console', (message) => {
    if (!message.location().url.endsWith('/favicon.ico')) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(url);
  await page.getByRole('button', { name: button }).click();
  await page.waitForURL(/OauthRedirect/);
  const measured = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const text = document.querySelector('p')!;
    return { overflow: scrollWidth - clientWidth, fontSize: Number.parseFloat(getComputedStyle(text).fontSize), viewport: innerWidth };
  });
  return { seen, complaints, measured };
}

describe.skipIf(isMissing)(`the last page of a login, in ${executablePath}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args });
  });
  afterAll(() => browser.close());

  it.each(screens)('is whole and readable at $width px: logged in', async ({ width, height, colorScheme }) => {
    const { org, port, env } = await scene();
    const page = await browser.newPage({ viewport: { width, height }, colorScheme, isMobile: true });
    const running = start(['login', '--no-open', '--port', String(port)], env);
    const { seen, complaints, measured } = await clickThrough(page, await loginUrl(running), 'Allow');
    expect(await page.title()).toBe('Logged in');
    expect(await page.getByRole('main').innerText()).toContain(`${org.credentials.username} (user 005`);
    expect(measured).toEqual({ overflow: 0, fontSize: 18, viewport: width });
    expect(complaints).toEqual([]);
    expect(seen.filter((path) => path !== '/favicon.ico')).toEqual(['/services/oauth2/authorize', '/services/oauth2/authorize', '/OauthRedirect']);
    expect((await running.ended).code).toBe(0);
    await page.close();
  });

  it.each(screens)('is whole and readable at $width px: refused', async ({ width, height, colorScheme }) => {
    const { port, env } = await scene();
    const page = await browser.newPage({ viewport: { width, height }, colorScheme, isMobile: true });
    const running = start(['login', '--no-open', '--port', String(port)], env);
    const { measured } = await clickThrough(page, await loginUrl(running), 'Deny');
    expect(await page.getByRole('alert').innerText()).toMatch(/^Not logged in\s+Salesforce refused the login \(access_denied: end-user denied authorization\)/);
    expect(measured).toEqual({ overflow: 0, fontSize: 18, viewport: width });
    expect((await running.ended).code).toBe(1);
    await page.close();
  });

  it('shows what Salesforce said as text, whatever it said', async () => {
    const { port, env } = await scene();
    const page = await browser.newPage();
    const running = start(['login', '--no-open', '--port', String(port)], env);
    const state = new URL(await loginUrl(running)).searchParams.get('state') ?? '';
    const evil = '<img src=x onerror="document.title=1"><script>document.title=2</script>&amp;';
    await page.goto(`http://localhost:${port}/OauthRedirect?${new URLSearchParams({ error: 'e', error_description: evil, state })}`);
    expect(await page.getByRole('alert').innerText()).toContain(`(e: ${evil})`);
    expect(await page.title()).toBe('Not logged in');
    expect(await page.locator('img, script').count()).toBe(0);
    expect((await running.ended).code).toBe(1);
    await page.close();
  });
});
