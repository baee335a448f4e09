import { backgroundRun } from '../../testing/background-runs';
import { factsOf, isFollowed, isOver } from './background-run';
import { beyondRunBounds } from './run-bounds';

const ID = '0123456789abcdef0123456789abcdef';

describe('factsOf', () => {
  it('tells times by the clock of the browser', () => {
    const facts = {
      id: ID,
      status: 'succeeded',
      createdAt: '1970-01-01T00:00:10.000Z',
      startedAt: '1970-01-01T00:00:11.000Z',
      endedAt: '1970-01-01T00:00:12.000Z',
      expiresAt: '1970-01-01T01:00:12.000Z',
    } as const;
    expect(factsOf(facts, 10_000)).toEqual({
      id: ID,
      status: 'succeeded',
      startedAt: 1_000,
      endedAt: 2_000,
      expiresAt: 3_602_000,
    });
  });
});

it('follows what the API has and has not ended', () => {
  expect(isFollowed(backgroundRun({ status: 'queued' }))).toBe(true);
  expect(isFollowed(backgroundRun({ status: 'starting', id: null }))).toBe(false);
  expect(isFollowed(backgroundRun({ status: 'forgotten' }))).toBe(false);
  expect(isOver(backgroundRun({ status: 'unanswered' }))).toBe(false);
  expect(isOver(backgroundRun({ status: 'forgotten' }))).toBe(true);
});

describe('beyondRunBounds', () => {
  const run = (key: string, status: 'running' | 'succeeded' | 'unanswered', weight = 1) =>
    backgroundRun({ key, status, weight });

  it('lets all be that are few and light', () => {
    expect(beyondRunBounds([run('b', 'succeeded'), run('a', 'succeeded')], { runs: 2, weight: 2 })).toEqual(
      [],
    );
  });

  it('names the oldest that are over where there are too many', () => {
    const runs = [run('d', 'succeeded'), run('c', 'succeeded'), run('b', 'running'), run('a', 'succeeded')];
    expect(beyondRunBounds(runs, { runs: 2, weight: 100 })).toEqual(['a', 'c']);
  });

  it('names as many of the oldest as make the rest light enough', () => {
    const runs = [run('c', 'succeeded', 5), run('b', 'succeeded', 5), run('a', 'succeeded', 5)];
    expect(beyondRunBounds(runs, { runs: 9, weight: 10 })).toEqual(['a']);
  });

  it('names none that goes on or whose start is not answered, however heavy', () => {
    const runs = [run('b', 'unanswered', 50), run('a', 'running', 50)];
    expect(beyondRunBounds(runs, { runs: 1, weight: 1 })).toEqual([]);
  });
});
