import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { ApiServer } from './harness/api-server';
import { describeCloud } from './harness/jail-support';
import { Judge0, PYTHON, type Submission } from './harness/judge0-client';

const MILLION = 1_000_000;
/** Of a busy machine. What holds the event loop for one request of these takes several times as long. */
const MAX_WAIT_MS = 1_000;

describeCloud('Judge0, where somebody sends and asks for as much as may be', () => {
  let server: ApiServer;
  let judge: Judge0;

  beforeAll(async () => {
    server = await ApiServer.start({ BUILD: 'cloud', INTERFACES: 'judge0' });
    judge = new Judge0(server);
  });

  afterAll(() => server.stop());

  /** Does work, and asks meanwhile whether the service lives, which must never take long. */
  async function livesDuring<T>(work: () => Promise<T>): Promise<T> {
    let isDone = false;
    let longest = 0;
    let asked = 0;
    const watch = async (): Promise<void> => {
      while (!isDone) {
        const start = performance.now();
        expect((await server.client.get('/health/live')).status).toBe(200);
        longest = Math.max(longest, performance.now() - start);
        asked++;
        await pause(5);
      }
    };
    const watching = watch();
    let value: T;
    try {
      value = await work();
    } finally {
      isDone = true;
      await watching;
    }
    expect(asked).toBeGreaterThan(0);
    expect(longest).toBeLessThan(server.patienceMs(MAX_WAIT_MS));
    return value;
  }

  const submitted = async (source: string, more: object = {}): Promise<string> => {
    const sent = { source_code: source, language_id: PYTHON, ...more };
    const { body } = await judge.post<{ token: string }>('/submissions', sent);
    await judge.ended(body.token);
    return body.token;
  };

  it('has room for some of what one client asks for on many connections, and does not read', async () => {
    const token = await submitted('import sys; sys.stdout.write("\\x01" * 1_000_000)');
    const url = new URL(`/submissions/${token}?base64_encoded=false&fields=stdout`, server.client.baseUrl);
    const ask = (): Promise<IncomingMessage> =>
      new Promise((resolve, reject) => {
        get(url, { agent: false }, resolve).once('error', reject);
      });
    const asked = await Promise.all(Array.from({ length: 40 }, ask));
    const given = asked.filter(({ statusCode }) => statusCode === 200);
    const refused = asked.filter(({ statusCode }) => statusCode === 503);
    expect(given.length + refused.length).toBe(40);
    // Half of 128 MiB, by six bytes for each character.
    expect(given.length).toBeGreaterThan(1);
    expect(given.length).toBeLessThan(12);
    expect(refused[0]?.headers['retry-after']).toBe('5');
    given.forEach((answer) => answer.resume());
    refused.forEach((answer) => answer.resume());
    await Promise.all(given.map((answer) => once(answer, 'end')));
    expect((await judge.get(`${url.pathname}${url.search}`)).text.length).toBe(6 * MILLION + 13);
  });

  it('serves others while it tells of one with a million lines, twenty times', async () => {
    const token = await submitted('import sys; sys.stdout.write("\\n" * 1_048_000)', {
      expected_output: '\n'.repeat(480_000),
    });
    const tokens = Array<string>(20).fill(token).join(',');
    const path = `/submissions/batch?fields=status_id&tokens=${tokens}`;
    const answers = await livesDuring(() => Promise.all([1, 2, 3].map(() => judge.get<object>(path))));
    for (const { body } of answers) {
      expect(body).toEqual({ submissions: Array(20).fill({ status_id: 3 }) });
    }
  });

  it('serves others while it compares with millions of lines at once', async () => {
    const expected = Buffer.alloc(6 * MILLION, '\n').toString('base64');
    const source_code = Buffer.from('print()').toString('base64');
    const answers = await livesDuring(() =>
      Promise.all(
        [1, 2, 3, 4].map(() =>
          judge.post('/submissions?wait=true&base64_encoded=true&fields=status', {
            source_code,
            language_id: PYTHON,
            expected_output: expected,
          }),
        ),
      ),
    );
    for (const { body } of answers) {
      expect(body.status).toEqual({ id: 3, description: 'Accepted' });
    }
  });

  // How long each slice of such a body takes, the unit test of ForeignBodies holds: this bound is too wide for it.
  it('reads bodies of escapes, and serves others while it tells of output that is escapes', async () => {
    const body = `{"source_code":"import sys; sys.stdout.write(chr(1) * 1_000_000)","language_id":71,"stdin":"${'\\u0041'.repeat(1_500_000)}"}`;
    const headers = { 'Content-Type': 'application/json' };
    const answers = await livesDuring(() =>
      Promise.all(
        [1, 2, 3, 4].map(() =>
          server.client.send<Submission>({
            method: 'POST',
            path: '/submissions?wait=true',
            headers,
            body,
          }),
        ),
      ),
    );
    for (const answer of answers) {
      expect([answer.status, answer.body.stdout?.length]).toEqual([201, MILLION]);
    }
  });

  it('refuses to tell more at once than is read of one, and says how to ask', async () => {
    const token = await submitted('import sys; sys.stdout.write(chr(1) * 1_000_000)');
    const tokens = Array<string>(20).fill(token).join(',');
    const refused = await livesDuring(() => judge.get(`/submissions/batch?tokens=${tokens}`));
    expect([refused.status, refused.body]).toEqual([
      400,
      {
        error:
          'the answer would have more than 16777216 bytes: ask for fewer submissions at once, or for fewer fields',
      },
    ]);
    const alone = await judge.get(`/submissions/${token}`);
    expect(alone.body.stdout).toHaveLength(MILLION);
  });

  it('reads tokens of a header, as Judge0 does', async () => {
    const token = await submitted('print(1)');
    const asked = new Judge0(server, { tokens: token });
    const { body } = await asked.get<object>('/submissions/batch?fields=stdout&tokens=x');
    expect(body).toEqual({ submissions: [{ stdout: '1\n' }] });
  });
});

describeCloud('Judge0, with a rate', () => {
  it('counts each submission of a batch', async () => {
    const server = await ApiServer.start({ BUILD: 'cloud', INTERFACES: 'judge0', RATE_LIMIT: '4' });
    try {
      const judge = new Judge0(server);
      const program = { source_code: 'print(1)', language_id: PYTHON };
      const batch = await judge.post<object[]>('/submissions/batch', {
        submissions: [program, { ...program, language_id: 63 }, program, program, program, program],
      });
      const token = { token: expect.any(String) as string };
      const refused = { error: expect.stringMatching(/^No more than 4 requests in/) as string };
      expect(batch.body).toEqual([token, expect.any(Object), token, token, token, refused]);
      expect((await judge.post('/submissions', program)).status).toBe(429);
    } finally {
      await server.stop();
    }
  });
});
