import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { DEFAULT_POLICY_RULES, type ScriptAnalysis } from '@pycell/script-policy';
import { MetadataStore } from '../../metadata/metadata-store';
import { Diagnostics } from './diagnostics';
import type { CheckedScript, ScriptChecker } from './script-checker';

const ANALYSIS: ScriptAnalysis = {
  script: '',
  violations: [],
  imports: [],
  parseError: null,
  definesMain: true,
  mainCall: null,
};
const FINE: CheckedScript = { analysis: ANALYSIS, wrapped: null };
const WITHOUT_MAIN: CheckedScript = {
  analysis: { ...ANALYSIS, definesMain: false },
  wrapped: 'def main():\n    pass\n',
};

describe('Diagnostics', () => {
  const check = jest.fn<Promise<CheckedScript | null>, [string]>();
  let diagnostics: Diagnostics;

  beforeEach(() => {
    jest.useFakeTimers();
    check.mockReset().mockResolvedValue(FINE);
    const metadata = { isPolicyEnforced: signal(true), policyRules: signal(DEFAULT_POLICY_RULES) };
    TestBed.configureTestingModule({ providers: [{ provide: MetadataStore, useValue: metadata }] });
    diagnostics = TestBed.inject(Diagnostics);
  });

  afterEach(() => jest.useRealTimers());

  let breakDown: () => void;
  const useChecker = async (): Promise<void> => {
    const gone = new Promise<void>((resolve) => (breakDown = resolve));
    await diagnostics.start(() => Promise.resolve({ check, gone } as unknown as ScriptChecker));
  };

  it('says that nothing is checked where a part is missing, until it is there', async () => {
    await diagnostics.start(() => Promise.reject(new TypeError('Failed to fetch')));
    expect(diagnostics.isUnavailable()).toBe(true);
    await useChecker();
    expect(diagnostics.isUnavailable()).toBe(false);
  });

  it('says so too when the check breaks down, and keeps no marks of an earlier script', async () => {
    check.mockResolvedValue(WITHOUT_MAIN);
    await useChecker();
    expect(diagnostics.problems()).toHaveLength(1);
    breakDown();
    await Promise.resolve();
    await Promise.resolve();
    expect([diagnostics.isUnavailable(), diagnostics.problems()]).toEqual([true, []]);
  });

  it('checks the script that was there before the parser was loaded', async () => {
    diagnostics.scriptChanged('early');
    await useChecker();
    expect(check.mock.calls.map(([script]) => script)).toEqual(['early']);
  });

  it('waits until typing rests, and checks once', async () => {
    await useChecker();
    check.mockClear();
    for (const script of ['a', 'ab', 'abc']) {
      diagnostics.scriptChanged(script);
      jest.advanceTimersByTime(50);
    }
    expect(check).not.toHaveBeenCalled();
    jest.advanceTimersByTime(200);
    expect(check.mock.calls.map(([script]) => script)).toEqual(['abc']);
  });

  it('knows how a script without main looks with one, as long as that is the script', async () => {
    check.mockResolvedValue(WITHOUT_MAIN);
    await useChecker();
    diagnostics.scriptChanged('pass');
    await diagnostics.checkNow();
    expect(diagnostics.withMain()).toEqual({ script: 'pass', text: WITHOUT_MAIN.wrapped });
    check.mockResolvedValue(FINE);
    await diagnostics.checkNow();
    expect(diagnostics.withMain()).toBeNull();
  });

  it('does not wait before a run', async () => {
    await useChecker();
    check.mockClear();
    diagnostics.scriptChanged('abc');
    void diagnostics.checkNow();
    jest.runAllTimers();
    expect(check).toHaveBeenCalledTimes(1);
  });

  it('keeps what it knew when an answer was stale', async () => {
    check.mockResolvedValue(WITHOUT_MAIN);
    await useChecker();
    check.mockResolvedValue(null);
    await diagnostics.checkNow();
    expect(diagnostics.problems()).toHaveLength(1);
  });
});
