import { checkText, selfTestText } from './self-test-text';

const AT = '2026-11-28T12:00:00.000Z';
const CHECKS = [
  { name: 'network', passed: true },
  { name: 'root', passed: false },
  { name: 'tmp', passed: true },
];

function textAfter(seconds: number): string {
  return selfTestText({ passed: false, at: AT, checks: CHECKS }, Date.parse(AT) + seconds * 1000);
}

describe('selfTestText', () => {
  it.each([
    [-60, '2 of 3 held, just now'],
    [2, '2 of 3 held, just now'],
    [20.4, '2 of 3 held, 20 s ago'],
    [89, '2 of 3 held, 89 s ago'],
    [120, '2 of 3 held, 2 min ago'],
    [5_399, '2 of 3 held, 90 min ago'],
  ])('tells after %d s how many checks held, and when: %s', (seconds, text) => {
    expect(textAfter(seconds)).toBe(text);
  });

  it('tells the moment of one that is old', () => {
    expect(textAfter(86_400)).toMatch(/^2 of 3 held, Nov 2[89], 2026, \d\d:\d\d$/);
  });

  it.each([null, 'nonsense'])('tells no time where the API gives %j', (at) => {
    expect(selfTestText({ passed: true, at, checks: CHECKS.slice(0, 1) }, 0)).toBe('1 of 1 held');
  });
});

describe('checkText', () => {
  it('has words for a check, and the name of one that a newer API makes', () => {
    expect(checkText('network')).toBe('no network');
    expect(checkText('constructor')).toBe('constructor');
  });
});
