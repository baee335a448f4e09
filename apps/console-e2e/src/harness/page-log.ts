import type { ConsoleMessage, Page } from 'playwright-core';

/** Everything that a page says, and what of it is a fault. */
export class PageLog {
  private readonly lines: string[] = [];
  private readonly faults: string[] = [];

  private constructor(private readonly page: Page) {}

  /** Must come before the page loads anything. */
  static async start(page: Page): Promise<PageLog> {
    const log = new PageLog(page);
    page.on('console', (message) => log.heard(message));
    page.on('pageerror', (error) => log.fault(`uncaught: ${error.stack ?? error.message}`));
    page.on('response', (response) => {
      const line = `${response.status()} ${response.request().method()} ${response.url()}`;
      // What the API says of a script is no fault of the page.
      if (response.status() >= 400 && !isAboutScript(response.url())) log.fault(line);
      else log.lines.push(line);
    });
    page.on('requestfailed', (request) =>
      log.lines.push(`failed: ${request.url()} ${request.failure()?.errorText ?? ''}`),
    );
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        console.error(
          `CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`,
        );
      });
    });
    return log;
  }

  /** Errors and warnings, uncaught errors, answers that tell of a failure, violations of the page's policy. */
  complaints(expected: readonly RegExp[]): string[] {
    return this.faults.filter((fault) => !expected.some((pattern) => pattern.test(fault)));
  }

  get text(): string {
    return [`page: ${this.page.url()}`, ...this.lines].join('\n');
  }

  /** The log without what went as it should. */
  get conspicuous(): string {
    return this.lines.filter((line) => !line.startsWith('200 ')).join('\n');
  }

  private heard(message: ConsoleMessage): void {
    const line = `${message.type()}: ${message.text()} (${message.location().url})`;
    // Chromium's own line about an answer of the API to a script, which the page reads and shows.
    const isNetworkLine = message.text().startsWith('Failed to load resource: the server responded');
    const isHarmless = isNetworkLine && isAboutScript(message.location().url);
    if (['error', 'warning'].includes(message.type()) && !isHarmless) this.fault(line);
    else this.lines.push(line);
  }

  private fault(line: string): void {
    this.faults.push(line);
    this.lines.push(line);
  }
}

function isAboutScript(url: string): boolean {
  return URL.canParse(url) && /\/(?:execute|validate)$/.test(new URL(url).pathname);
}
