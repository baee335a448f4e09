import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { DEFAULT_POLICY_RULES, type ScriptAnalysis } from '@pycell/script-policy';
import { MetadataStore } from '../configuration/metadata-store';
import { Diagnostics } from './diagnostics';
import type { ScriptChecker } from './script-check/script-checker';

const FINE: ScriptAnalysis = { violations: [], imports: [], parseError: null, definesMain: true };

describe('Diagnostics', () => {
  const check = jest.fn<Promise<ScriptAnalysis | null>, [string]>();
  let diagnostics: Diagnostics;

  beforeEach(() => {
    jest.useFakeTimers();
    check.mockReset().mockResolvedValue(FINE);
    const metadata = { isPolicyEnforced: signal(true), policyRules: signal(DEFAULT_POLICY_RULES) };
    TestBed.configureTestingModule({ providers: [{ provide: MetadataStore, useValue: metadata }] });
    diagnostics = TestBed.inject(Diagnostics);
  });

  afterEach(() => jest.useRealTimers());

  const useChecker = (): void => diagnostics.use({ check } as unknown as ScriptChecker);

  it('checks the script that was there before the parser was loaded', () => {
    diagnostics.scriptChanged('early');
    useChecker();
    expect(check.mock.calls.map(([script]) => script)).toEqual(['early']);
  });

  it('waits until typing rests, and checks once', () => {
    useChecker();
    check.mockClear();
    for (const script of ['a', 'ab', 'abc']) {
      diagnostics.scriptChanged(script);
      jest.advanceTimersByTime(50);
    }
    expect(check).not.toHaveBeenCalled();
    jest.advanceTimersByTime(200);
    expect(check.mock.calls.map(([script]) => script)).toEqual(['abc']);
  });

  it('does not wait before a run', () => {
    useChecker();
    check.mockClear();
    diagnostics.scriptChanged('abc');
    void diagnostics.checkNow();
    jest.runAllTimers();
    expect(check).toHaveBeenCalledTimes(1);
  });

  it('keeps what it knew when an answer was stale', async () => {
    check.mockResolvedValue({ ...FINE, definesMain: false });
    useChecker();
    await diagnostics.checkNow();
    check.mockResolvedValue(null);
    await diagnostics.checkNow();
    expect(diagnostics.problems()).toHaveLength(1);
  });
});
