import { type ComponentFixture, TestBed } from '@angular/core/testing';
import type { ErrorResponse } from '@pycell/contracts';
import type { RunOutcome } from '../api/run-outcome';
import { EditorFocus } from '../script/editor-focus';
import { RunStore } from '../runs/run-store';
import { ApiClient } from '../api/api-client';
import type { RunOutput } from '../api/run-output';
import { plainRequest } from '../api/run-request';
import { PLAIN_SETUP } from '../script/run-setup';
import { ResultsPanel } from './results-panel';

/** jsdom lays nothing out. */
class NoResizes {
  observe = (): void => undefined;
  unobserve = (): void => undefined;
  disconnect = (): void => undefined;
}

const EXECUTION = {
  id: 'e1',
  isolation: 'nsjail',
  durationMs: 12.3,
  cpuMs: 4.5,
  peakMemoryBytes: 602_112,
  limits: { timeoutMs: 10_000, memoryMb: 512 },
  timings: { queueMs: 0, policyMs: 0, startMs: 0.3, runMs: 10, resultMs: 2 },
} as const;

function succeeded(resultText: string, stdout = '', stderr = ''): RunOutcome {
  return { kind: 'succeeded', resultText, stdout, stderr, artifacts: [], execution: EXECUTION };
}

function failed(error: Partial<ErrorResponse>): RunOutcome {
  const whole: ErrorResponse = { error: 'What happened', code: 'SCRIPT_ERROR', requestId: 'r1', ...error };
  return { kind: 'failed', status: 422, error: whole, retryAfterSeconds: null };
}

describe('ResultsPanel', () => {
  let fixture: ComponentFixture<ResultsPanel>;
  let page: HTMLElement;

  beforeEach(() => {
    Object.assign(window, { ResizeObserver: NoResizes, matchMedia: () => new EventTarget() });
    Element.prototype.scrollTo = (): void => undefined;
    fixture = TestBed.createComponent(ResultsPanel);
    page = fixture.nativeElement as HTMLElement;
  });

  async function show(outcome: RunOutcome | null): Promise<void> {
    TestBed.inject(RunStore).show(outcome);
    await fixture.whenStable();
    // What shows an outcome is loaded when there is one.
    for (let turn = 0; outcome && turn < 50 && !page.querySelector('[role="tab"]'); turn += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      await fixture.whenStable();
    }
  }

  function tab(name: string): HTMLElement {
    const tabs = [...page.querySelectorAll<HTMLElement>('[role="tab"]')];
    const found = tabs.find(({ textContent }) => textContent.trim().startsWith(name));
    if (!found) throw new Error(`There is no tab ${name}`);
    return found;
  }

  function button(name: string): HTMLElement {
    const buttons = [...page.querySelectorAll<HTMLElement>('button')];
    const found = buttons.find((one) => (one.getAttribute('aria-label') ?? one.textContent).includes(name));
    if (!found) throw new Error(`There is no button ${name}`);
    return found;
  }

  /** What is on the page without the panels that are kept for later. */
  function seen(): string {
    return page.querySelector('.panel:not(.hidden)')?.textContent ?? '';
  }

  it('says before the first run how to run, and what comes here', async () => {
    await show(null);
    expect(page.textContent).toContain('Nothing has run yet');
    expect(page.textContent).toContain('as a tree');
  });

  it('shows an object as a tree, with every digit', async () => {
    await show(succeeded('{"big": 12345678901234567890, "one": 1.0}'));
    const rows = [...page.querySelectorAll('[role="treeitem"]')].map(({ textContent }) => textContent.trim());
    expect(rows).toEqual(['2 keys', 'big:12345678901234567890', 'one:1.0']);
  });

  it('shows records as a table, and as a tree when asked to', async () => {
    await show(succeeded('[{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]'));
    expect(tab('Table').getAttribute('aria-selected')).toBe('true');
    expect(page.querySelectorAll('tbody tr')).toHaveLength(2);
    tab('Tree').click();
    await fixture.whenStable();
    expect(page.querySelector('[role="tree"]')).not.toBeNull();
  });

  it('sorts the table by a click on a heading', async () => {
    await show(succeeded('[{"a": 2}, {"a": 10}, {"a": 1}]'));
    page.querySelector<HTMLElement>('th[aria-sort] button')?.click();
    await fixture.whenStable();
    expect([...page.querySelectorAll('tbody td.numeric')].map(({ textContent }) => textContent)).toEqual([
      '1',
      '2',
      '10',
    ]);
    expect(page.querySelector('th[aria-sort="ascending"]')).not.toBeNull();
  });

  it('opens what was printed where nothing was returned', async () => {
    await show(succeeded('null', 'hello\n'));
    expect(tab('stdout').getAttribute('aria-selected')).toBe('true');
    expect(seen()).toContain('hello');
  });

  it('takes what a program prints and returns for text, never for markup', async () => {
    await show(succeeded('["<img src=x>"]', '<b>bold</b>\u001b[31m<i>red</i>\u001b[0m\n'));
    expect(seen()).toContain('<img src=x>');
    tab('stdout').click();
    await fixture.whenStable();
    expect(seen()).toContain('<b>bold</b><i>red</i>');
    expect(page.querySelector('img, b, .row i')).toBeNull();
  });

  it('says what went wrong, and brings the editor to the line', async () => {
    const places: unknown[] = [];
    TestBed.inject(EditorFocus).register({ focus: () => undefined, reveal: (place) => places.push(place) });
    const traceback =
      'Traceback (most recent call last):\n  File "script.py", line 2, in main\n    1 / 0\nZeroDivisionError: x';
    await show(failed({ line: 2, column: 12, traceback, stdout: 'start\n' }));
    expect(tab('Error').getAttribute('aria-selected')).toBe('true');
    button('Go to line 2').click();
    expect(places).toEqual([{ line: 2, column: 12 }]);
    button('Show stdout').click();
    await fixture.whenStable();
    expect(seen()).toContain('start');
  });

  it('offers another try where one may help', async () => {
    await show({ kind: 'unreachable', apiUrl: '/api', reason: 'network', detail: '' });
    expect(button('Run again')).toBeTruthy();
  });

  it('tells the figures of a run, and where the time went', async () => {
    await show(succeeded('1'));
    const status = page.querySelector('app-status-line');
    expect(status?.textContent).toMatch(/Finished.*12\.3 ms.*CPU 4\.5 ms.*588 kB.*nsjail/s);
    button('Timings').click();
    await fixture.whenStable();
    expect(page.querySelector('#timing-details')?.textContent).toContain('The script itself');
  });

  it('shows a text that is no JSON as it is', async () => {
    await show(succeeded('oh no'));
    expect(seen()).toContain('oh no');
  });

  describe('while a script prints', () => {
    let output: RunOutput;
    let end: (outcome: RunOutcome) => void;

    beforeEach(() => {
      jest
        .spyOn(TestBed.inject(ApiClient), 'execute')
        .mockImplementation((_request: unknown, _signal: unknown, into: RunOutput) => {
          output = into;
          return new Promise((resolve) => (end = resolve));
        });
    });

    async function until(isSo: () => boolean): Promise<void> {
      for (let turn = 0; turn < 200 && !isSo(); turn += 1) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        await fixture.whenStable();
      }
      expect(isSo()).toBe(true);
    }

    function print(name: 'stdout' | 'stderr', text: string): void {
      output.write(name, text);
      output.tell();
    }

    it('shows it as it comes, and then the outcome', async () => {
      void TestBed.inject(RunStore).run(plainRequest('x'), PLAIN_SETUP);
      await until(() => page.textContent.includes('Running'));
      print('stdout', 'one\ntw');
      await until(() => seen().includes('tw'));
      expect(tab('stdout').getAttribute('aria-selected')).toBe('true');
      expect(seen()).toContain('2 lines');
      expect(page.querySelector('.stale, [aria-live]')).toBeNull();
      print('stdout', 'o\n');
      print('stderr', 'oh\n');
      await until(() => seen().includes('two'));
      await until(() => tab('stderr').textContent.includes('1'));
      tab('Result').click();
      await fixture.whenStable();
      expect(seen()).toContain('The result comes when the script has ended.');
      end(succeeded('[1]', 'one\ntwo\n', 'oh\n'));
      await until(() => page.querySelector('app-status-line')?.textContent.includes('Finished') ?? false);
      expect(seen()).toContain('1');
    });

    it('keeps the outcome before it in sight until it prints', async () => {
      await show(succeeded('[7]'));
      void TestBed.inject(RunStore).run(plainRequest('x'), PLAIN_SETUP);
      await until(() => page.querySelector('.stale') !== null);
      expect(seen()).toContain('7');
      print('stdout', 'hello');
      await until(() => seen().includes('hello'));
      expect(page.querySelector('.stale')).toBeNull();
      end({ kind: 'cancelled', received: { stdout: 'hello', stderr: '', artifacts: [] } });
      await until(() => seen().includes('Cancelled'));
      expect(page.querySelector('app-status-line')?.textContent).toMatch(/Cancelled\s*after [\d.]+ m?s/);
      expect(button('Show stdout')).toBeTruthy();
    });
  });
});
