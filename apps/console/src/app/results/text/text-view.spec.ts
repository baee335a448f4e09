import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { TextView } from './text-view';

/** jsdom lays nothing out: as if the view were some rows high. */
class OneResize {
  constructor(private readonly tell: (entries: object[]) => void) {}
  observe = (): void => this.tell([{ contentRect: { width: 400 } }]);
  disconnect = (): void => undefined;
}

const STYLE = { className: '' };
const LINES = Array.from({ length: 2_000 }, (_, line) => `line ${line}`);

describe('TextView', () => {
  let fixture: ComponentFixture<TextView>;
  let page: HTMLElement;

  beforeEach(async () => {
    Object.assign(window, { ResizeObserver: OneResize });
    Element.prototype.scrollTo = (): void => undefined;
    fixture = TestBed.createComponent(TextView);
    page = fixture.nativeElement as HTMLElement;
    document.body.replaceChildren(page);
    fixture.componentRef.setInput('text', {
      text: LINES.join('\n'),
      starts: [],
      styleIndexes: [],
      styles: [],
    });
    fixture.componentRef.setInput('label', 'stdout');
    fixture.componentRef.setInput('wrap', false);
    await fixture.whenStable();
  });

  function area(): HTMLElement {
    const found = page.querySelector<HTMLElement>('[role="region"]');
    if (!found) throw new Error('There is no region');
    return found;
  }

  function press(key: string, modifiers: KeyboardEventInit = {}): KeyboardEvent {
    const event = new KeyboardEvent('keydown', { key, cancelable: true, bubbles: true, ...modifiers });
    area().dispatchEvent(event);
    return event;
  }

  /** What is on the clipboard then; null: what the browser makes of it. */
  function copied(): string | null {
    let text: string | null = null;
    const event = new Event('copy', { bubbles: true, cancelable: true });
    area().dispatchEvent(
      Object.assign(event, { clipboardData: { setData: (_type: string, data: string) => (text = data) } }),
    );
    return event.defaultPrevented ? text : null;
  }

  function selectBetween(from: Element | null, to: Element | null, toOffset: number): void {
    if (!from?.firstChild || !to?.firstChild) throw new Error('There is no such row');
    getSelection()?.setBaseAndExtent(from.firstChild, 0, to.firstChild, toOffset);
    document.dispatchEvent(new Event('selectionchange'));
  }

  const row = (number: number): Element | null => page.querySelector(`[data-row="${number}"]`);

  it('draws a part of a long text, and selects and copies all of it by Ctrl+A', () => {
    expect(page.querySelectorAll('.row').length).toBeLessThan(100);
    expect(press('a', { ctrlKey: true }).defaultPrevented).toBe(true);
    expect(getSelection()?.isCollapsed).toBe(false);
    expect(copied()).toBe(LINES.join('\n'));
  });

  it('copies what was selected by hand after that', () => {
    press('a', { metaKey: true });
    area().dispatchEvent(Object.assign(new Event('pointerdown'), { button: 0 }));
    selectBetween(row(1), row(2), 4);
    expect(copied()).toBe('line 1\nline');
  });

  it('copies all that lies between the ends of a selection, though one has been scrolled away', () => {
    selectBetween(row(1), row(3), 4);
    // What the browser makes of a selection whose first row is gone.
    const rows = row(1)?.parentElement;
    row(1)?.remove();
    expect(rows?.contains(getSelection()?.anchorNode ?? null)).toBe(true);
    document.dispatchEvent(new Event('selectionchange'));
    expect(copied()).toBe('line 1\nline 2\nline');
  });

  it('leaves other keys alone, and asks for the search by Ctrl+F', () => {
    let asked = 0;
    fixture.componentInstance.find.subscribe(() => (asked += 1));
    expect(press('a').defaultPrevented).toBe(false);
    expect(press('f', { ctrlKey: true }).defaultPrevented).toBe(true);
    expect(asked).toBe(1);
  });

  describe('that grows', () => {
    const shown = (lines: readonly string[]): object => ({
      text: lines.join('\n'),
      starts: [],
      styleIndexes: [],
      styles: [STYLE],
    });
    let scrolledTo: number[];

    beforeEach(async () => {
      scrolledTo = [];
      Element.prototype.scrollTo = ((place: ScrollToOptions) =>
        scrolledTo.push(place.top ?? NaN)) as typeof Element.prototype.scrollTo;
      await show(LINES.slice(0, 100), true);
    });

    async function show(lines: readonly string[], follow: boolean): Promise<void> {
      fixture.componentRef.setInput('text', shown(lines));
      fixture.componentRef.setInput('follow', follow);
      await fixture.whenStable();
    }

    it('draws the new rows only', async () => {
      const [first, last] = [row(0)?.firstChild, row(99)?.firstChild];
      expect(first && last).toBeTruthy();
      await show(LINES.slice(0, 120), true);
      expect(row(119)?.textContent).toBe('line 119');
      expect(row(0)?.firstChild).toBe(first);
      expect(row(99)?.firstChild).toBe(last);
      await show([...LINES.slice(0, 119), 'changed'], true);
      expect(row(119)?.textContent).toBe('changed');
    });

    it('keeps its end in view, unless the user has scrolled up', async () => {
      expect(scrolledTo).toEqual([Number.MAX_SAFE_INTEGER]);
      await show(LINES.slice(0, 120), true);
      expect(scrolledTo).toHaveLength(2);
      Object.defineProperties(area(), {
        scrollHeight: { value: 2_000, configurable: true },
        clientHeight: { value: 200, configurable: true },
      });
      area().scrollTop = 1_500;
      area().dispatchEvent(new Event('scroll'));
      area().scrollTop = 1_400;
      area().dispatchEvent(new Event('scroll'));
      await show(LINES.slice(0, 140), true);
      expect(scrolledTo).toHaveLength(2);
      // By the key, however far the text has grown meanwhile.
      expect(press('End').defaultPrevented).toBe(true);
      expect(scrolledTo).toHaveLength(3);
      await show(LINES.slice(0, 160), true);
      expect(scrolledTo).toHaveLength(4);
    });

    it('is followed by another text from its beginning', async () => {
      scrolledTo = [];
      await show(['another'], false);
      expect(scrolledTo).toEqual([0]);
      expect(press('End').defaultPrevented).toBe(false);
    });
  });
});
