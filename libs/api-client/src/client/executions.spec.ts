import type { ServerResponse } from 'node:http';
import { type Answer, executed, failed, json, lost, stream, TestServer } from '../testing/test-server';
import type { Executions } from './executions';
import { PycellClient } from './pycell-client';

const ID = '0123456789abcdef0123456789abcdef';
const QUEUED = { id: ID, status: 'queued', createdAt: '2026-11-30T06:00:00.000Z' } as const;
const REQUEST = { script: 'def main():\n    return 1' };
const GET = `GET /executions/${ID}`;
const EVENTS = `${GET}/events`;

const event = (id: number, type: string, data: object | string): string =>
  `id: ${id}\nevent: ${type}\ndata: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
const events = (send: (response: ServerResponse) => void): Answer => stream('text/event-stream', send);
const RESULT = executed('{"n": 12345678901234567890}');

function ended(status: 'succeeded' | 'failed', httpStatus: number, outcome: string): string {
  const facts = { ...QUEUED, status, endedAt: QUEUED.createdAt, httpStatus };
  return `${JSON.stringify(facts).slice(0, -1)},"outcome":${outcome}}`;
}

async function typesOf(iterable: AsyncIterable<{ readonly type: string }>): Promise<string[]> {
  const seen: string[] = [];
  for await (const { type } of iterable) {
    seen.push(type);
  }
  return seen;
}

describe('Executions', () => {
  const server = new TestServer();
  let executions: Executions;

  beforeAll(async () => {
    ({ executions } = new PycellClient({ baseUrl: await server.start(), integers: 'bigint' }));
  });

  afterAll(() => server.stop());

  it('are started under a key of their own, so that a lost answer starts nothing twice', async () => {
    const busy = json(503, failed('SANDBOX_BUSY'), { 'Retry-After': '0' });
    server.on('POST /executions', lost, busy, json(202, QUEUED));
    expect(await executions.start({ ...REQUEST, callbackUrl: 'https://h/x' })).toEqual(QUEUED);
    const keys = server.asked.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(server.asked[0]?.body).toContain('"callbackUrl":"https://h/x"');
    await executions.start(REQUEST, { idempotencyKey: 'order-7' });
    await executions.start(REQUEST);
    const [, , , own, another] = server.asked.map(({ headers }) => headers['idempotency-key']);
    expect(own).toBe('order-7');
    expect(another).not.toBe(keys[0]);
  });

  it('are asked for, with the outcome once they have ended', async () => {
    server.on(GET, json(200, { ...QUEUED, status: 'running' }));
    expect(await executions.get(ID)).toEqual({ ...QUEUED, status: 'running' });
    server.on(GET, json(200, ended('succeeded', 200, RESULT)));
    expect(await executions.get(ID)).toMatchObject({
      id: ID,
      status: 'succeeded',
      outcome: { result: { n: 12345678901234567890n }, resultText: '{"n": 12345678901234567890}' },
    });
    server.on(GET, json(200, ended('failed', 422, JSON.stringify(failed('SCRIPT_ERROR', { line: 2 })))));
    expect(await executions.get(ID)).toMatchObject({
      status: 'failed',
      error: { name: 'ScriptError', code: 'SCRIPT_ERROR', line: 2, status: 422 },
    });
  });

  it.each([
    ['without an outcome', { ...QUEUED, status: 'succeeded' }],
    ['that contradicts its outcome', ended('succeeded', 422, JSON.stringify(failed('TIMEOUT')))],
    ['with a status of its own', { ...QUEUED, status: 'lost' }],
    ['of another service', '{"id":7}'],
  ])('are not believed %s', async (_what, body) => {
    server.on(GET, json(200, body));
    await expect(executions.get(ID)).rejects.toMatchObject({ code: 'UNEXPECTED_ANSWER' });
  });

  it('are cancelled', async () => {
    server.on(`DELETE /executions/${ID}`, json(200, { ...QUEUED, status: 'cancelled' }));
    expect(await executions.cancel(ID)).toEqual({ ...QUEUED, status: 'cancelled' });
  });

  it('that are not there are refused', async () => {
    server.on(GET, json(404, failed('NOT_FOUND')));
    await expect(executions.get(ID)).rejects.toMatchObject({ name: 'RefusedError', code: 'NOT_FOUND' });
  });

  it.each(['', '..', `${ID}/x`, ID.toUpperCase()])('have no id %j: nothing is asked', async (id) => {
    server.on(GET, json(200, QUEUED));
    await expect(executions.get(id)).rejects.toThrow(TypeError);
    await expect(executions.cancel(id)).rejects.toThrow(TypeError);
    await expect(executions.events(id).next()).rejects.toThrow(TypeError);
    expect(server.asked).toEqual([]);
  });

  it('take no key and no number of an event that would be no header', async () => {
    server.on('POST /executions', json(202, QUEUED));
    await expect(executions.start(REQUEST, { idempotencyKey: 'a\nb' })).rejects.toThrow(
      /^idempotencyKey must/,
    );
    await expect(executions.events(ID, { lastEventId: 'x' }).next()).rejects.toThrow(/^lastEventId is "x"/);
    expect(server.asked).toEqual([]);
  });

  describe('followed by their events,', () => {
    it('go on behind the last one after a lost connection, and after a stream that ends early', async () => {
      server.on(
        EVENTS,
        events((response) =>
          response.write(
            event(1, 'start', { id: ID }) + event(2, 'stdout', { text: 'a' }) + 'id: 3\neve',
            () => setTimeout(() => response.destroy(), 20),
          ),
        ),
        events((response) => response.end(event(3, 'stdout', { text: 'b' }))),
        json(503, failed('SANDBOX_BUSY'), { 'Retry-After': '0' }),
        events((response) => response.end(event(4, 'result', RESULT) + event(5, 'end', {}))),
      );
      const seen = [];
      for await (const each of executions.events(ID)) {
        seen.push(each);
      }
      expect(seen).toMatchObject([
        { type: 'start', id: ID, eventId: '1' },
        { type: 'stdout', text: 'a', eventId: '2' },
        { type: 'stdout', text: 'b', eventId: '3' },
        { type: 'result', result: { n: 12345678901234567890n }, eventId: '4' },
        { type: 'end', eventId: '5' },
      ]);
      expect(server.asked.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '2', '3', '3']);
    });

    it('come once where something on the way has them begin anew', async () => {
      const first = event(1, 'start', { id: ID }) + event(2, 'stdout', { text: 'a' });
      server.on(
        EVENTS,
        events((response) => response.end(first)),
        events((response) => response.end(first + event(3, 'stdout', { text: 'b' }) + event(4, 'end', {}))),
      );
      expect(await typesOf(executions.events(ID))).toEqual(['start', 'stdout', 'stdout', 'end']);
    });

    it('are not believed where one is missing', async () => {
      server.on(
        EVENTS,
        events((response) => response.end(event(1, 'start', { id: ID }) + event(3, 'end', {}))),
      );
      await expect(typesOf(executions.events(ID))).rejects.toThrow(/^Event 3 behind event 1/);
    });

    it('tell of an error that the script may have run, once it had started', async () => {
      const behind = event(1, 'start', { id: ID }) + event(2, 'error', failed('NEWER_THAN_THIS'));
      const without = event(1, 'error', failed('SANDBOX_BUSY'));
      for (const [text, mayHaveRun] of [
        [behind + event(3, 'end', {}), true],
        [without + event(2, 'end', {}), false],
      ] as const) {
        server.on(
          EVENTS,
          events((response) => response.end(text)),
        );
        const seen = [];
        for await (const each of executions.events(ID)) {
          seen.push(each);
        }
        expect(seen.at(-2)).toMatchObject({ type: 'error', error: { mayHaveRun } });
      }
    });

    it('begin where one says, and are over where all is known', async () => {
      server.on(EVENTS, (response) => response.writeHead(204).end());
      expect(await typesOf(executions.events(ID, { lastEventId: '5' }))).toEqual([]);
      expect(server.asked[0]?.headers['last-event-id']).toBe('5');
    });

    it('tell that they were cancelled', async () => {
      server.on(
        EVENTS,
        events((response) => response.end(event(1, 'cancelled', {}) + event(2, 'end', {}))),
      );
      expect(await typesOf(executions.events(ID))).toEqual(['cancelled', 'end']);
    });

    it('are given up where the connection is lost again and again', async () => {
      server.on(
        EVENTS,
        events((response) => response.end()),
      );
      await expect(executions.events(ID).next()).rejects.toMatchObject({ code: 'ANSWER_CUT' });
      expect(server.asked).toHaveLength(6);
    }, 30_000);

    it('are refused with what is forgotten', async () => {
      server.on(EVENTS, json(404, failed('NOT_FOUND')));
      await expect(executions.events(ID).next()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });

    it('close their connection when the loop is left', async () => {
      const closed = new Promise((resolve) => {
        server.on(
          EVENTS,
          events((response) => {
            response.once('close', resolve);
            response.write(event(1, 'start', { id: ID }));
          }),
        );
      });
      for await (const { type } of executions.events(ID)) {
        expect(type).toBe('start');
        break;
      }
      await closed;
    });
  });

  describe('waited for', () => {
    it('end when their outcome begins, which comes once', async () => {
      server.on(
        EVENTS,
        events((response) =>
          response.write(event(1, 'start', { id: ID }) + 'id: 2\nevent: result\ndata: {"res'),
        ),
      );
      server.on(GET, json(200, QUEUED), json(200, ended('succeeded', 200, RESULT)));
      expect(await executions.wait(ID)).toMatchObject({ status: 'succeeded', outcome: { stdout: '' } });
    });

    it('are asked for where no stream comes through', async () => {
      server.on(EVENTS, json(200, '<html>'));
      server.on(GET, json(200, QUEUED), json(200, QUEUED), json(200, { ...QUEUED, status: 'cancelled' }));
      expect(await executions.wait(ID)).toEqual({ ...QUEUED, status: 'cancelled' });
      expect(server.asked.filter(({ path }) => path.endsWith('/events'))).toHaveLength(1);
    });

    it('are left with an abort', async () => {
      const controller = new AbortController();
      server.on(GET, json(200, QUEUED));
      server.on(
        EVENTS,
        events(() => setTimeout(() => controller.abort(new Error('enough')), 20)),
      );
      await expect(executions.wait(ID, { signal: controller.signal })).rejects.toThrow('enough');
    });
  });
});
