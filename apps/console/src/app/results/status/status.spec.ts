import { bytesText, countText, durationText } from './figures';
import { timingParts } from './timing-parts';

describe('figures for a person', () => {
  it('have three digits', () => {
    expect([0, 0.114, 1.999, 12.34, 99.96, 123.4, 999, 1_234, 10_042].map(durationText)).toEqual([
      '0 ms',
      '0.11 ms',
      '2 ms',
      '12.3 ms',
      '100 ms',
      '123 ms',
      '999 ms',
      '1.23 s',
      '10 s',
    ]);
    expect([0, 602_112, 12_582_912, 2 ** 30].map(bytesText)).toEqual(['0 B', '588 KB', '12 MB', '1 GB']);
    expect([countText(1, 'row'), countText(10_000, 'row')]).toEqual(['1 row', '10,000 rows']);
  });
});

describe('timingParts', () => {
  const timings = { queueMs: 1, startMs: 2, runMs: 3, resultMs: 4 };
  const execution = { id: 'e', isolation: 'nsjail', durationMs: 10, timings } as const;

  it('are the stations of a run, and the way to the service where that is known', () => {
    expect(timingParts(execution, null).map(({ name, ms }) => [name, ms])).toEqual([
      ['Queue', 1],
      ['Start', 2],
      ['Run', 3],
      ['Result', 4],
    ]);
    expect(timingParts(execution, 15).at(-1)).toMatchObject({ name: 'Network', ms: 5 });
  });
});
