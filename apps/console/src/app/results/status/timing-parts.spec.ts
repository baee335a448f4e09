import { timingParts } from './timing-parts';

describe('timingParts', () => {
  const timings = { queueMs: 1, policyMs: 5, startMs: 2, runMs: 3, resultMs: 4 };
  const execution = {
    id: 'e',
    isolation: 'nsjail',
    durationMs: 15,
    limits: { timeoutMs: 1, memoryMb: 1 },
    timings,
  } as const;

  it('are the stations of a run, and the way to the service where that is known', () => {
    expect(timingParts(execution, null).map(({ name, ms }) => [name, ms])).toEqual([
      ['Queue', 1],
      ['Policy', 5],
      ['Start', 2],
      ['Run', 3],
      ['Result', 4],
    ]);
    expect(timingParts(execution, 20).at(-1)).toMatchObject({ name: 'Network', ms: 5 });
  });
});
