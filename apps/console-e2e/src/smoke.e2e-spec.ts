import type { Browser } from 'playwright-core';
import { openPage, startBrowser } from './harness/browser';
import { startApi, startConsole } from './harness/pycell';
import type { ServiceProcess } from './harness/service-process';

describe('the console', () => {
  let api: ServiceProcess;
  let server: ServiceProcess;
  let browser: Browser;

  beforeAll(async () => {
    api = await startApi();
    server = await startConsole(api);
    browser = await startBrowser();
  });

  afterAll(async () => {
    await browser.close();
    await server.stop();
    await api.stop();
  });

  it('runs the script that a newcomer finds, without a complaint of the browser', async () => {
    const { page, context, complaints } = await openPage(browser);
    await page.goto(server.url);
    await page.locator('.monaco-editor .view-line').first().waitFor();
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByText('"total": 55').waitFor();
    expect(await page.getByText('Squares of 1 2 3 4 5').count()).toBe(1);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
