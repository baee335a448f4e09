import type { Locator, Page } from 'playwright-core';
import { eventually } from './eventually';

/** A mark in the script, as the editor holds it; 1-based. */
export interface Mark {
  readonly severity: 'error' | 'warning';
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** What to do; empty where the message says it. */
  readonly hint: string;
}

/** What a person does with the console, by the names that it shows. */
export class ConsolePage {
  readonly runButton: Locator;
  readonly cancelButton: Locator;
  readonly editor: Locator;
  /** Where everything that came of a run stands. */
  readonly result: Locator;

  constructor(
    private readonly page: Page,
    readonly url: string,
  ) {
    this.runButton = page.getByRole('button', { name: 'Run', exact: true });
    this.cancelButton = page.getByRole('button', { name: 'Cancel' });
    this.editor = page.getByRole('textbox', { name: /^Python script/ });
    this.result = page.getByRole('region', { name: 'Result', exact: true });
  }

  /** Opens the page and waits for the full editor. */
  async open(address = ''): Promise<void> {
    await this.page.goto(new URL(address, `${this.url}/`).href);
    await this.editorIsReady();
  }

  async editorIsReady(): Promise<void> {
    await this.page.locator('.monaco-editor .view-line').first().waitFor();
    await this.page
      .getByRole('textbox', { name: 'Python script', exact: true })
      .waitFor({ state: 'detached' });
  }

  /** As if it had been typed in an earlier visit; must come before the page is opened. */
  async rememberScript(script: string): Promise<void> {
    await this.page.addInitScript((text) => {
      // A page without an origin, such as about:blank, has no storage.
      if (!location.protocol.startsWith('http') || localStorage.getItem('pycell.script') !== null) return;
      localStorage.setItem('pycell.script', JSON.stringify({ text, isUnread: false }));
    }, script);
  }

  /** Pastes a script over what is there. */
  async write(script: string): Promise<void> {
    await this.editor.focus();
    await this.page.keyboard.press('Control+A');
    await this.page.keyboard.press('Delete');
    await this.paste(script);
    await eventually(
      () => this.script(),
      (text) => text === script,
    );
  }

  /** Typed text would be indented by the editor. The browser's one clipboard belongs to all tests. */
  async paste(text: string): Promise<void> {
    if (text === '') return;
    await this.editor.evaluate((input, pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      const init = { clipboardData, bubbles: true, cancelable: true, composed: true };
      input.dispatchEvent(new ClipboardEvent('paste', init));
    }, text);
  }

  /** The text in the editor, all of it. */
  script(): Promise<string> {
    return this.page.evaluate(() => window.monaco?.editor.getModels()[0]?.getValue() ?? '');
  }

  /** Runs and waits for the end. */
  async run(): Promise<void> {
    await this.runButton.click();
    await this.runHasEnded();
  }

  async runHasEnded(): Promise<void> {
    await this.page
      .locator('button.primary[aria-disabled="false"], button.primary:not([aria-disabled])')
      .waitFor();
  }

  /** The marks in the script, as soon as `accepts` takes them. */
  marks(accepts: (marks: readonly Mark[]) => boolean): Promise<readonly Mark[]> {
    return eventually(
      () =>
        this.page.evaluate(() =>
          (window.monaco?.editor.getModelMarkers({}) ?? []).map((marker) => ({
            severity: marker.severity === 8 ? ('error' as const) : ('warning' as const),
            line: marker.startLineNumber,
            column: marker.startColumn,
            message: marker.message.split('\n', 1)[0] ?? '',
            hint: marker.message.split('\n').slice(1).join('\n'),
          })),
        ),
      accepts,
    );
  }

  /** Waits for these marks and no others: until a text that was just written has been judged, those of the one before are there. */
  async hasMarks(...expected: readonly Readonly<Partial<Record<keyof Mark, unknown>>>[]): Promise<void> {
    await this.marks((marks) => {
      try {
        expect(marks).toEqual(expected.map((mark) => expect.objectContaining(mark) as unknown));
        return true;
      } catch {
        return false;
      }
    });
  }

  /** The lines that are marked as those at which the latest run failed. */
  failingLines(): Promise<readonly number[]> {
    return this.page.evaluate(() =>
      (window.monaco?.editor.getModels()[0]?.getAllDecorations() ?? [])
        .filter(({ options }) => options.className === 'failing-line')
        .map(({ range }) => range.startLineNumber),
    );
  }

  /** Goes to what was printed, and reads it. */
  async printed(stream: 'stdout' | 'stderr' = 'stdout'): Promise<string> {
    await this.goTo(new RegExp(`^${stream}`));
    return this.result.getByRole('region', { name: stream }).innerText();
  }

  /** Goes to a view of the result. */
  async view(name: 'Tree' | 'Table' | 'Chart' | 'Raw'): Promise<void> {
    await this.goTo(/^Result/);
    await this.result.getByRole('tab', { name }).click();
  }

  /** The returned value as JSON, as it is shown. */
  async rawResult(): Promise<string> {
    await this.goTo(/^Result/);
    const raw = this.result.getByRole('tab', { name: 'Raw' });
    // A plain value has no other view, and so no tabs.
    if ((await raw.count()) > 0) await raw.click();
    const text = await this.result.getByRole('region', { name: 'Raw JSON' }).innerText();
    return text.replaceAll('\u00a0', ' ');
  }

  /** Where the page is narrow, a click leads there; else it is seen already. */
  private async goTo(tab: RegExp): Promise<void> {
    await this.result.locator('app-outcome-view').waitFor();
    const tabs = this.result.getByRole('tab', { name: tab });
    if ((await tabs.count()) > 0) await tabs.click();
  }

  /** Everything that the result says, once it has come to say something that `pattern` matches. */
  async resultText(pattern: RegExp): Promise<string> {
    return eventually(
      () => this.result.innerText(),
      (text) => pattern.test(text),
    );
  }
}

/** What of Monaco's interface the tests ask. */
declare global {
  interface Window {
    monaco?: {
      editor: {
        getModels(): {
          getValue(): string;
          getAllDecorations(): {
            range: { startLineNumber: number };
            options: { className?: string | null };
          }[];
        }[];
        getModelMarkers(filter: object): {
          severity: number;
          startLineNumber: number;
          startColumn: number;
          message: string;
        }[];
      };
    };
  }
}
