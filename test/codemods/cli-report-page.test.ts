/** The HTML report in a real browser: reads well at every width, in the dark and on paper, and asks nobody for anything. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toHtml } from '../../codemods/cli/report/html';
import { report } from './cli-report.support';

const CHROMIUM = '/usr/bin/chromium';
const ARGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** In the page: the lowest contrast between a text and what it stands on, with that text. */
function lowestContrast(): { ratio: number; text: string } {
  const parse = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = ([r = 0, g = 0, b = 0]: number[]) => {
    const [x, y, z] = [r, g, b].map((part) => (part / 255 <= 0.03928 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4)) as [number, number, number];
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = (element: Element | null): number[] => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || (colour[3] ?? 0) > 0) return colour;
    }
    return [255, 255, 255];
  };
  let worst = { ratio: 21, text: '' };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent?.trim() ?? '';
    const element = walker.currentNode.parentElement!;
    if (!text || element.getClientRects().length === 0) continue;
    const style = getComputedStyle(element);
    const label = element.closest('text.label');
    const ink = luminance(parse(element.closest('svg') ? style.fill : style.color));
    const paper = luminance(label ? parse(getComputedStyle(document.querySelector('.box')!).fill) : behind(element));
    const ratio = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
    if (ratio < worst.ratio) worst = { ratio, text };
  }
  return worst;
}

describe.skipIf(!existsSync(CHROMIUM))('the HTML report in Chromium', () => {
  let dir: string;
  let browser: Browser;
  let page: Page;
  const requests: string[] = [];
  const problems: string[] = [];

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'cli-page-'));
    writeFileSync(join(dir, 'report.html'), toHtml(report()));
    const { chromium } = await import('playwright-core');
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGS });
    page = await browser.newPage();
    page.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('dialog', (dialog) => problems.push(`dialog: ${dialog.message()}`));
    await page.goto(pathToFileURL(join(dir, 'report.html')).href);
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(dir, { recursive: true, force: true });
  });

  it('asks for nothing but itself, and has nothing to complain of', async () => {
    await page.waitForLoadState('networkidle');
    expect(requests).toEqual([pathToFileURL(join(dir, 'report.html')).href]);
    expect(problems).toEqual([]);
  });

  it.each([360, 768, 1280])('needs no sideways scrolling at %i px, and its letters are large enough', async (width) => {
    await page.setViewportSize({ width, height: 800 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    const shown = await page.evaluate(() => [...document.querySelectorAll('svg.flow')].filter((svg) => svg.getClientRects().length > 0).map((svg) => svg.getBoundingClientRect().width / (svg as SVGSVGElement).viewBox.baseVal.width));
    expect(shown).toHaveLength(1);
    // Letters are 12 px in the picture's own measure.
    expect(shown[0]! * 12).toBeGreaterThanOrEqual(11.5);
  });

  it.each([360, 1280])('keeps the words of the picture in their boxes at %i px', async (width) => {
    await page.setViewportSize({ width, height: 800 });
    const outside = await page.evaluate(() => {
      const svg = [...document.querySelectorAll('svg.flow')].find((one) => one.getClientRects().length > 0)!;
      const boxes = [...svg.querySelectorAll('.box')].map((box) => box.getBoundingClientRect());
      return [...svg.querySelectorAll('text.label')].filter((text, index) => {
        const [inner, box] = [text.getBoundingClientRect(), boxes[index]!];
        return inner.right > box.right || inner.bottom > box.bottom + 1 || inner.left < box.left;
      }).map((text) => text.textContent);
    });
    expect(outside).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('has enough contrast in the %s', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    const { ratio, text } = await page.evaluate(lowestContrast);
    expect(ratio, text).toBeGreaterThanOrEqual(4.5);
  });

  it('opens with the picture: integrations by state, then the flow of the tokens', async () => {
    const titles = await page.locator('h1, h2').allTextContents();
    expect(titles.slice(0, 3)).toEqual(['Salesforce authentication', expect.stringMatching(/^\d+ integrations by state$/), expect.stringMatching(/^Where tokens come from/)]);
    expect(await page.locator('svg.bar rect').count()).toBe(4);
  });

  it('prints', async () => {
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const { ratio, text } = await page.evaluate(lowestContrast);
    expect(ratio, text).toBeGreaterThanOrEqual(4.5);
    const pdf = await page.pdf({ format: 'A4' });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pdf.length).toBeGreaterThan(10_000);
  });
});
