import { TestBed } from '@angular/core/testing';
import type { MetadataResponse } from '@pycell/contracts';
import { SelfTestSummary } from './self-test-summary';

const CHECKS = [
  { name: 'network', passed: true },
  { name: 'root', passed: true },
];

/** What is on the page, and what of it only after the disclosure is opened. */
async function show(selfTest: MetadataResponse['selfTest'], isolation = 'nsjail') {
  const fixture = TestBed.createComponent(SelfTestSummary);
  fixture.componentRef.setInput('selfTest', selfTest);
  fixture.componentRef.setInput('isolation', isolation);
  await fixture.whenStable();
  const host = fixture.nativeElement as HTMLElement;
  const text = (selector: string): string =>
    (host.querySelector(selector)?.textContent ?? '').replace(/\s+/g, ' ').trim();
  return {
    all: host.textContent.trim(),
    line: text('summary'),
    items: [...host.querySelectorAll('li')].map((item) => item.textContent),
  };
}

describe('the summary of the self-test', () => {
  it('tells how many checks held, and behind a disclosure which', async () => {
    const { line, items } = await show({ passed: true, at: new Date().toISOString(), checks: CHECKS });
    expect(line).toBe('passed: 2 of 2 held, just now');
    expect(items).toEqual(['no network', 'a read-only root']);
  });

  it('names what did not hold', async () => {
    const checks = [...CHECKS, { name: 'tmp', passed: false }];
    const { line, items } = await show({ passed: false, at: null, checks });
    expect(line).toBe('failed: 2 of 3 held');
    expect(items).toContain('a small /tmp of its own: not held');
  });

  it('shows no list where nothing was checked, or nothing is isolated', async () => {
    expect(await show({ passed: false, at: null, checks: [] })).toEqual({
      all: 'not run yet',
      line: '',
      items: [],
    });
    const local = await show({ passed: true, at: null, checks: [{ name: 'run', passed: true }] }, 'none');
    expect(local).toEqual({ all: 'not applicable: nothing is isolated', line: '', items: [] });
  });
});
