import { API_PATHS, type MetadataResponse } from '@pycell/contracts';
import { ApiServer } from './harness/api-server';
import { eventually } from './harness/eventually';
import type { ExecuteAnswer } from './harness/http-client';
import { describeCloud } from './harness/jail-support';
import { keyHeader, KeysFile } from './harness/keys-file';

const JSON_TYPE = { 'Content-Type': 'application/json' };
const PLACES = 3;
/** Takes its time, and tells when it ran, by a clock that all processes of the machine share. */
const WATCHED =
  'import time\ndef main(n=0):\n    since = time.monotonic()\n    time.sleep(0.06)\n    return [since, time.monotonic()]';
/** Longer than what is judged on the event loop. */
const LONG = '# a note that says nothing\n'.repeat(150);
const SUITE_MS = 60_000;

type Span = readonly [number, number];

/** How many of these ran at the same moment at most. */
function mostAtOnce(spans: readonly Span[]): number {
  return Math.max(
    0,
    ...spans.map(([at]) => spans.filter(([since, until]) => since <= at && at < until).length),
  );
}

describeCloud('What a key has of the service', () => {
  const file = new KeysFile();
  const keys = {
    ordinary: file.add('ordinary'),
    small: file.add('small', {
      timeoutMs: 600,
      memoryMb: 64,
      scriptSize: 400,
      rate: { requests: 5000, seconds: 60 },
    }),
    open: file.add('open', { policy: { allow: ['open', 'os'] } }),
    off: file.add('off', { policy: 'off' }),
    one: file.add('one', { places: 1 }),
    two: file.add('two', { places: 2 }),
    renewed: file.add('renewed', { places: 1 }),
  };
  type Key = keyof typeof keys;
  let server: ApiServer;
  jest.setTimeout(SUITE_MS);

  beforeAll(async () => {
    server = await ApiServer.start({
      BUILD: 'cloud',
      API_KEYS_FILE: file.path,
      MAX_CONCURRENCY: String(PLACES),
      SCRIPT_TIMEOUT: '8',
    });
  });

  afterAll(async () => {
    await server.stop();
    file.dispose();
  });

  const post = (key: Key, path: string, body: object): Promise<ExecuteAnswer> =>
    server.client.send({
      method: 'POST',
      path,
      headers: { ...JSON_TYPE, ...keyHeader(keys[key]) },
      body: JSON.stringify(body),
    });
  const execute = (key: Key, script: string, more: object = {}): Promise<ExecuteAnswer> =>
    post(key, API_PATHS.execute, { script, ...more });
  const spansOf = (key: Key, count: number): Promise<Span[]> =>
    Promise.all(
      Array.from({ length: count }, async () => {
        const { status, body } = await execute(key, WATCHED);
        expect([status, body.error]).toEqual([200, undefined]);
        return body.result as Span;
      }),
    );
  const batch = async (key: Key, count: number): Promise<Span[]> => {
    const inputs = Array.from({ length: count }, (_, n) => ({ n }));
    const { body } = await post(key, API_PATHS.executeBatch, { script: WATCHED, inputs });
    return (body as unknown as { result: Span }[]).map(({ result }) => result);
  };
  const described = async (key: Key | null) =>
    server.client.get<MetadataResponse>(API_PATHS.metadata, key ? keyHeader(keys[key]) : {});

  describe('its limits', () => {
    it('end its runs, name themselves, and are in the answer', async () => {
      const forEver = await execute('small', 'def main():\n    while True: pass');
      expect(forEver).toMatchObject({
        status: 422,
        body: {
          code: 'TIMEOUT',
          error: 'Script ran longer than the limit of 0.6 seconds',
          execution: { limits: { timeoutMs: 600, memoryMb: 64 } },
        },
      });
      const large = 'def main():\n    return len(bytearray(100 << 20))';
      const [small, ordinary] = await Promise.all([execute('small', large), execute('ordinary', large)]);
      expect(small).toMatchObject({ status: 422, body: { code: 'MEMORY_LIMIT' } });
      expect(small.body.error).toContain('more memory than the limit of 64 MB');
      expect(ordinary).toMatchObject({
        status: 200,
        body: { execution: { limits: { timeoutMs: 8_000, memoryMb: 512 } } },
      });
    });

    it('are what its requests choose within', async () => {
      const chosen = { limits: { timeoutMs: 601 } };
      expect(await execute('small', WATCHED, chosen)).toMatchObject({
        status: 400,
        body: {
          code: 'INVALID_REQUEST',
          error: 'Field limits.timeoutMs is 601, it must be a whole number from 1 to 600',
        },
      });
      expect((await execute('ordinary', WATCHED, chosen)).status).toBe(200);
      const inputs = [{}];
      expect(
        (await post('small', API_PATHS.executeBatch, { script: WATCHED, inputs, limits: { memoryMb: 65 } }))
          .body.error,
      ).toMatch(/^Field limits\.memoryMb is 65, it must be a whole number from \d+ to 64$/);
    });

    it.each([400, 20_000])(
      'hold for scripts of more than that, here of %s characters and one',
      async (size) => {
        const script = '#'.repeat(size + 1);
        for (const path of [API_PATHS.execute, API_PATHS.validate, API_PATHS.executeBatch]) {
          const more = path === API_PATHS.executeBatch ? { inputs: [{}] } : {};
          const { status, body } = await post('small', path, { script, ...more });
          expect([status, body.code, body.error]).toEqual([
            400,
            'SCRIPT_TOO_LARGE',
            `Script has ${size + 1} characters, the limit of your key is 400. Shorten it.`,
          ]);
        }
      },
    );

    it('are told by GET / to the key alone, in answers that no cache hands on', async () => {
      const small = await described('small');
      expect(small.headers).toMatchObject({
        'cache-control': 'no-store',
        vary: expect.stringMatching(/X-API-Key, Authorization/) as string,
      });
      expect(small.body).toMatchObject({
        limits: { timeoutSeconds: 0.6, memoryLimitMb: 64, maxScriptSize: 400 },
        caller: { key: 'small', places: null, rate: { requests: 5000, seconds: 60 } },
      });
      expect((await described('two')).body.caller).toEqual({ key: 'two', places: 2, rate: null });
      const anybody = await described(null);
      expect(anybody.headers).toMatchObject({
        'cache-control': 'private, no-cache',
        vary: expect.stringMatching(/X-API-Key, Authorization/) as string,
      });
      expect(anybody.body).toMatchObject({
        limits: { timeoutSeconds: 8, memoryLimitMb: 512 },
        caller: { key: null, places: null, rate: null },
      });
      expect(anybody.text).not.toContain('small');
    });
  });

  describe('its policy', () => {
    const IMPORTS = 'import os\ndef main():\n    return os.path.sep';
    const OPENS = 'def main():\n    return len(open("/dev/null").read())';
    const READS = 'def main():\n    return input()';
    const PERMITTED: Readonly<Record<string, readonly Key[]>> = {
      [IMPORTS]: ['open', 'off'],
      [OPENS]: ['open', 'off'],
      [READS]: ['off'],
    };

    it.each([
      ['on the event loop', ''],
      ['in threads', LONG],
    ])('judges its scripts and those of no other, where they are judged %s', async (_where, before) => {
      const callers: readonly Key[] = ['ordinary', 'off', 'open', 'small'];
      const asked = [1, 2, 3].flatMap(() =>
        Object.keys(PERMITTED).flatMap((script) => callers.map((key) => ({ script, key }))),
      );
      // All at once, in turn: the same texts for different callers.
      await Promise.all(
        asked
          .filter(({ key }) => key !== 'small' || before === '')
          .map(async ({ script, key }) => {
            const { body } = await execute(key, before + script);
            const isPermitted = PERMITTED[script]?.includes(key) ?? false;
            expect([script, key, body.code === 'POLICY_VIOLATION']).toEqual([script, key, !isPermitted]);
          }),
      );
    });

    it('is told by GET / and by POST /validate', async () => {
      const modes = await Promise.all(
        (['ordinary', 'open', 'off'] as const).map(async (key) => (await described(key)).body.scriptPolicy),
      );
      expect(modes.map(({ mode }) => mode)).toEqual(['enforce', 'enforce', 'off']);
      expect(modes.map(({ blockedModules }) => blockedModules.includes('os'))).toEqual([true, false, false]);
      const valid = async (key: Key): Promise<unknown> =>
        (await post(key, API_PATHS.validate, { script: IMPORTS })).body;
      expect(await valid('ordinary')).toMatchObject({ valid: false });
      expect(await valid('open')).toMatchObject({ valid: true, violations: [] });
      expect(await valid('off')).toMatchObject({ valid: true, violations: [] });
    });
  });

  describe('its places', () => {
    it('are never more than its share, while others run beside it', async () => {
      const [own, others] = await Promise.all([spansOf('one', 10), spansOf('ordinary', 10)]);
      expect(mostAtOnce(own)).toBe(1);
      expect(mostAtOnce([...own, ...others])).toBeGreaterThan(1);
    });

    it('are shared by its batch and its calls, and those of others come between', async () => {
      const [ofBatch, calls, others] = await Promise.all([
        batch('two', 50),
        spansOf('two', 4),
        spansOf('ordinary', 4),
      ]);
      expect([ofBatch.length, calls.length, others.length]).toEqual([50, 4, 4]);
      expect(mostAtOnce([...ofBatch, ...calls])).toBe(2);
      // Whoever comes does not wait for the end of the batch.
      const end = Math.max(...ofBatch.map(([, until]) => until));
      expect(Math.max(...others.map(([, until]) => until))).toBeLessThan(end);
    });

    it('become more or fewer when its file says so, for what waits already, too', async () => {
      const setPlaces = async (places: number): Promise<void> => {
        file.set('renewed', [keys.renewed], { places });
        const isTold = (told: unknown): boolean => told === places;
        await eventually(async () => (await described('renewed')).body.caller?.places, isTold);
      };
      const old = batch('renewed', 60);
      await spansOf('renewed', 1);
      await setPlaces(2);
      // By the clock of the scripts. The first of these requests is how the queue learns of it.
      const grownAt = Number(process.hrtime.bigint()) / 1e9;
      const more = await spansOf('renewed', 4);
      await setPlaces(1);
      const fewer = await spansOf('renewed', 3);
      const ofBatch = await old;
      expect(ofBatch).toHaveLength(60);
      const firstOf = (spans: readonly Span[]): number => Math.min(...spans.map(([since]) => since));
      const all = [...ofBatch, ...more, ...fewer];
      const during = (since: number, until: number): Span[] =>
        all.filter(([at]) => at >= since && at < until);
      expect(mostAtOnce(during(0, grownAt))).toBe(1);
      expect(mostAtOnce(during(grownAt, firstOf(fewer)))).toBe(2);
      expect(mostAtOnce(during(firstOf(fewer), Infinity))).toBe(1);
    });
  });
});
