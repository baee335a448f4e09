import type { Artifact } from '@pycell/contracts';
import { PLAIN_SETUP, type RunSetup } from '../script/run-setup';
import { draft } from '../../testing/drafts';
import type { RunOutcome } from '../api/run-outcome';
import { succeeded } from '../../testing/outcomes';
import {
  isResultMissing,
  MAX_KEPT_ARTIFACTS,
  MAX_KEPT_OUTPUT,
  MAX_KEPT_RESULT,
  recordOfDraft,
  recordOfRun,
} from './history-entry';

const record = (outcome: RunOutcome): ReturnType<typeof recordOfRun> =>
  recordOfRun('id', { script: '# Test\n', setup: PLAIN_SETUP, startedAt: 1, elapsedMs: 5, outcome });

describe('a run in the history', () => {
  it('keeps the result as Python wrote it', () => {
    const { entry, outcome } = record(succeeded({ resultText: '{"n": 9007199254740993}' }));
    expect(outcome).toMatchObject({ resultText: '{"n": 9007199254740993}' });
    expect(entry).toMatchObject({ kind: 'run', title: 'Test', at: 1, elapsedMs: 5, resultLength: 23 });
    expect(isResultMissing(entry)).toBe(false);
  });

  it('leaves out a result that is too large, since half of it is no JSON', () => {
    const { entry, outcome } = record(succeeded({ resultText: `"${'x'.repeat(MAX_KEPT_RESULT)}"` }));
    expect(outcome).toBeNull();
    expect(isResultMissing(entry)).toBe(true);
    expect(entry.weight).toBeLessThan(100);
  });

  it('cuts long output and says so', () => {
    const { entry, outcome } = record(succeeded({ stdout: 'y'.repeat(MAX_KEPT_OUTPUT * 2) }));
    expect(outcome).toMatchObject({ stdout: expect.stringMatching(/^y{65536}\n… .*131072 characters$/) });
    expect(entry.weight).toBeLessThan(MAX_KEPT_OUTPUT + 200);
  });

  it('cuts what a failed script said, too', () => {
    const error = {
      error: 'E',
      code: 'SCRIPT_ERROR',
      requestId: 'r',
      line: 2,
      traceback: 't'.repeat(MAX_KEPT_OUTPUT * 2),
    } as const;
    const { outcome } = record({ kind: 'failed', status: 422, error, retryAfterSeconds: null });
    expect(outcome).toMatchObject({ error: { line: 2, traceback: expect.stringContaining('131072') } });
    expect(outcome).not.toHaveProperty('error.stdout');
  });

  it.each<RunOutcome>([
    { kind: 'cancelled' },
    { kind: 'unreachable', apiUrl: '/api', reason: 'interrupted', detail: '' },
  ])('keeps what had come of a run that was broken off, within the same bounds: $kind', (brokenOff) => {
    const artifacts = [{ name: 'a', mediaType: 'text/plain', sizeBytes: 1, base64: 'AA==' }];
    const received = { stdout: 'so far\n', stderr: 'y'.repeat(MAX_KEPT_OUTPUT * 2), artifacts };
    const { entry, outcome } = record({ ...brokenOff, received } as RunOutcome);
    expect(outcome).toMatchObject({
      kind: brokenOff.kind,
      received: { stdout: 'so far\n', stderr: expect.stringContaining('131072'), artifacts },
    });
    expect(entry.weight).toBeLessThan(MAX_KEPT_OUTPUT + 500);
    expect(record(brokenOff).outcome).toEqual(brokenOff);
    const large = [{ ...artifacts[0], base64: 'A'.repeat(MAX_KEPT_ARTIFACTS + 1) }];
    const bounded = record({ ...brokenOff, received: { ...received, artifacts: large } } as RunOutcome);
    expect(bounded).toMatchObject({
      entry: { isWithoutArtifacts: true },
      outcome: { received: { artifacts: [] } },
    });
  });

  it('is told from a script that was put away before it ran', () => {
    expect(recordOfDraft('id', draft('# Mine\n'), 3)).toMatchObject({
      entry: { kind: 'draft', title: 'Mine', elapsedMs: null, outcome: null },
      outcome: null,
    });
  });
});

describe('what a run was given and what it left, in the history', () => {
  const FILE = { id: '1', name: 'a.csv', sizeBytes: 1, content: { text: 'a' } };
  const left = (length: number): Artifact[] => [
    { name: 'a.png', mediaType: 'image/png', sizeBytes: length, base64: 'A'.repeat(length) },
  ];

  it('is kept with the script, contents of files beside it', () => {
    const setup: RunSetup = { ...PLAIN_SETUP, mode: 'script', stdin: 'x', files: [FILE] };
    const run = { script: 's', setup, startedAt: 1, elapsedMs: 1, outcome: succeeded() };
    const { entry, files } = recordOfRun('id', run);
    expect(entry.setup).toEqual({ ...setup, files: [{ ...FILE, content: null }] });
    expect(files).toEqual([FILE]);
    expect(record(succeeded()).entry).not.toHaveProperty('setup');
  });

  it('has small figures, and says that it has no large ones', () => {
    const small = record(succeeded({ artifacts: left(4) }));
    expect(small.outcome).toMatchObject({ artifacts: left(4) });
    expect(small.entry).not.toHaveProperty('isWithoutArtifacts');
    const large = record(succeeded({ artifacts: left(MAX_KEPT_ARTIFACTS + 1) }));
    expect(large.outcome).toMatchObject({ kind: 'succeeded', artifacts: [] });
    expect(large.entry).toMatchObject({ isWithoutArtifacts: true });
  });
});
