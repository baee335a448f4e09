import { TestBed } from '@angular/core/testing';
import { backgroundRun, RUN_ID } from '../../testing/background-runs';
import { succeeded } from '../../testing/outcomes';
import { type EventListener, ExecutionsClient, type HeardEvents } from '../api/executions-client';
import { PLAIN_SETUP } from '../script/run-setup';
import { EndedRuns, finishedRun, historyIdOf } from './ended-run';

const FACTS = { id: RUN_ID, status: 'cancelled', createdAt: '2026-11-30T06:00:00.000Z' } as const;

describe('EndedRuns', () => {
  const client = { find: jest.fn(), listen: jest.fn() };
  const { signal } = new AbortController();
  let ended: EndedRuns;

  beforeEach(() => {
    jest.resetAllMocks();
    TestBed.configureTestingModule({ providers: [{ provide: ExecutionsClient, useValue: client }] });
    ended = TestBed.inject(EndedRuns);
  });

  const find = (): Promise<unknown> => ended.find('/api', RUN_ID, signal);

  it('finds the outcome that the API keeps', async () => {
    const facts = { ...FACTS, status: 'succeeded' };
    client.find.mockResolvedValue({ kind: 'known', facts, outcome: succeeded() });
    expect(await find()).toEqual({ kind: 'kept', facts, outcome: succeeded() });
    expect(client.listen).not.toHaveBeenCalled();
  });

  it('finds what a cancelled one had printed in its events, from the first', async () => {
    client.find.mockResolvedValue({ kind: 'known', facts: FACTS, outcome: null });
    client.listen.mockImplementation((_api, _id, events: HeardEvents, { output }: EventListener) => {
      expect(events.lastId).toBe('');
      output.write('stdout', 'by then');
      return Promise.resolve({ kind: 'ended' });
    });
    expect(await find()).toMatchObject({
      kind: 'kept',
      outcome: { kind: 'cancelled', received: { stdout: 'by then' } },
    });
  });

  it('takes one that goes on for no cancelled one', async () => {
    const facts = { ...FACTS, status: 'running' };
    client.find.mockResolvedValue({ kind: 'known', facts, outcome: null });
    expect(await find()).toEqual({ kind: 'goes-on', facts });
    expect(client.listen).not.toHaveBeenCalled();
  });

  it('tells what else the API says', async () => {
    const refused = { kind: 'refused', outcome: { kind: 'cancelled' } };
    for (const answer of [refused, { kind: 'cancelled' }, { kind: 'forgotten' }]) {
      client.find.mockResolvedValue(answer);
      expect(await find()).toEqual(answer);
    }
  });
});

describe('finishedRun', () => {
  const given = { script: 'pass', setup: PLAIN_SETUP };

  it('is the run as any other, from its hand-over on', () => {
    const run = backgroundRun({ at: 1, startedAt: 100, endedAt: 350 });
    expect(finishedRun(run, given, succeeded())).toEqual({
      ...given,
      startedAt: 100,
      elapsedMs: 250,
      outcome: succeeded(),
    });
  });

  it('begins when it was asked for where it never ran', () => {
    const run = backgroundRun({ at: 7, startedAt: null, endedAt: 350 });
    expect(finishedRun(run, given, { kind: 'cancelled' })).toMatchObject({ startedAt: 7, elapsedMs: 0 });
  });
});

it('names a run in the history by its key, so that it is there once', () => {
  expect(historyIdOf(backgroundRun({ key: 'a' }))).toBe(historyIdOf(backgroundRun({ key: 'a', title: 'b' })));
  expect(historyIdOf(backgroundRun({ key: 'a' }))).not.toBe(historyIdOf(backgroundRun({ key: 'b' })));
});
