import { backgroundRun } from '../../testing/background-runs';
import { detailText, elapsedMsOf, momentText, statusIcon, statusText, statusTone } from './status-text';

const NOON = new Date(2026, 10, 30, 12, 0).getTime();
const HOUR_MS = 3_600_000;
const SUCCESS = { tone: 'success', title: 'Finished' } as const;

describe('statusText', () => {
  it.each([
    [0, '0 s'],
    [59_999, '59 s'],
    [61_000, '1 min 1 s'],
    [2 * HOUR_MS + 60_000, '2 h 1 min'],
  ])('tells how long a run has gone on: %p', (ms, words) => {
    expect(statusText(backgroundRun({ startedAt: NOON }), NOON + ms)).toBe(`Running · ${words}`);
  });

  it('counts the wait of a run that waits from when it was asked for', () => {
    const run = backgroundRun({ status: 'queued', at: NOON, startedAt: null });
    expect(statusText(run, NOON + 4_000)).toBe('Queued · 4 s');
  });

  it('never tells less than no time, as clocks differ', () => {
    expect(statusText(backgroundRun({ startedAt: NOON + 900 }), NOON)).toBe('Running · 0 s');
  });

  it('tells what came of it and how long that took, and no time of what never ran', () => {
    const over = { status: 'succeeded', startedAt: 0, endedAt: 2_500, outcome: SUCCESS } as const;
    expect(statusText(backgroundRun(over), NOON)).toMatch(/^Finished · 2\.5\d? s$/);
    const unrun = { status: 'cancelled', startedAt: null, endedAt: 5, outcome: null } as const;
    expect(statusText(backgroundRun(unrun), NOON)).toBe('Cancelled');
  });

  it('tells what is not known as that', () => {
    expect(statusText(backgroundRun({ status: 'starting' }), NOON)).toBe('Starting');
    expect(statusText(backgroundRun({ status: 'unanswered' }), NOON)).toBe('No answer');
    expect(statusText(backgroundRun({ status: 'forgotten' }), NOON)).toBe('No longer kept');
  });
});

describe('detailText', () => {
  it('says nothing of a run that goes on', () => {
    for (const status of ['starting', 'queued', 'running'] as const) {
      expect(detailText(backgroundRun({ status }), NOON)).toBe('');
    }
  });

  it('says until when it is kept, with the day where that is another', () => {
    const over = backgroundRun({ status: 'succeeded', outcome: SUCCESS, expiresAt: NOON + HOUR_MS });
    expect(detailText(over, NOON)).toBe('Kept by the API until 13:00');
    expect(detailText(over, NOON + 2 * HOUR_MS)).toBe('Was kept by the API until 13:00');
    expect(detailText({ ...over, expiresAt: NOON + 24 * HOUR_MS }, NOON)).toMatch(/until .*Dec.* 12:00$/);
    expect(detailText({ ...over, expiresAt: null }, NOON)).toBe('');
  });

  it('says why a run is gone where that is known, else which reasons there can be', () => {
    const gone = backgroundRun({ status: 'forgotten', expiresAt: NOON - HOUR_MS });
    expect(detailText(gone, NOON)).toBe('The API kept it until 11:00: its time was over.');
    const early = detailText({ ...gone, expiresAt: NOON + HOUR_MS }, NOON);
    expect(early).toMatch(/^The API has forgotten it before 13:00: .*restarted.*another key\.$/);
    expect(detailText({ ...gone, expiresAt: null }, NOON)).toMatch(/^The API has forgotten it: /);
  });

  it('says why there was no answer, and that trying again is safe', () => {
    const run = backgroundRun({ status: 'unanswered', why: 'No network.' });
    expect(detailText(run, NOON)).toMatch(/^No network\. .*once at most\.$/);
    expect(detailText({ ...run, why: '' }, NOON)).toMatch(/^It may have been started/);
  });
});

it('shows each state by an icon and a tone', () => {
  const looks = (changes: Parameters<typeof backgroundRun>[0]): readonly string[] => {
    const run = backgroundRun(changes);
    return [statusIcon(run), statusTone(run)];
  };
  expect(looks({ status: 'queued' })).toEqual(['clock', 'neutral']);
  expect(looks({ status: 'running' })).toEqual(['play', 'running']);
  expect(looks({ status: 'unanswered' })).toEqual(['alert', 'warning']);
  expect(looks({ status: 'forgotten' })).toEqual(['info', 'neutral']);
  const failed = looks({ status: 'failed', outcome: { tone: 'error', title: 'Failed' } });
  expect(failed[1]).toBe('error');
  expect(failed).not.toEqual(looks({ status: 'succeeded', outcome: SUCCESS }));
});

it('tells the day of what was not today', () => {
  expect(momentText(NOON, NOON + HOUR_MS)).toBe('12:00');
  expect(momentText(NOON, NOON + 13 * HOUR_MS)).toMatch(/^30 Nov.* 12:00$|^Nov 30.* 12:00$/);
});

it('measures a run from its hand-over to its end', () => {
  expect(elapsedMsOf(backgroundRun({ startedAt: 100, endedAt: 350 }))).toBe(250);
  expect(elapsedMsOf(backgroundRun({ startedAt: null, endedAt: 350 }))).toBe(0);
  expect(elapsedMsOf(backgroundRun({ startedAt: 400, endedAt: 350 }))).toBe(0);
});
