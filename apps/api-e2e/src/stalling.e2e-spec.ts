import { PRELUDE } from './containment/containment-case';
import { ApiServer } from './harness/api-server';
import { leastCpuSeconds } from './harness/cpu-time';
import type { ExecuteAnswer } from './harness/http-client';
import { describeCloud } from './harness/jail-support';

const MARKER = 'marker-of-the-script';

describeCloud('A script that wants to stop the service', () => {
  let server: ApiServer;

  beforeAll(async () => {
    server = await ApiServer.start({ BUILD: 'cloud', SCRIPT_POLICY: 'off', SCRIPT_TIMEOUT: '5' });
  });

  afterAll(() => server.stop());

  const send = (kind: 'result' | 'failure', payload: string): Promise<ExecuteAnswer> =>
    server.client.execute(`${PRELUDE}
def main():
    data = ${kind}_frame(${payload})
    number = descriptors()[-1]
    while data:
        data = data[os.write(number, data):]
    time.sleep(60)
`);

  it.each<[string, 'result' | 'failure', string]>([
    ['many small objects', 'result', 'b"[" + b",".join(b"{}" for _ in range(1_390_000)) + b"]"'],
    [
      'objects that all differ',
      'result',
      'b"[" + b",".join(b\'{"%dz":1}\' % i for i in range(300_000)) + b"]"',
    ],
    ['one long number', 'result', 'b"1" * 4_000_000'],
    [
      'a deep failure',
      'failure',
      'b\'{"status":"SCRIPT_ERROR","message":"x","y":\' + b"[" * 200_000 + b"]" * 200_000 + b"}"',
    ],
    [
      'a failure of many objects',
      'failure',
      'b\'{"status":"SCRIPT_ERROR","message":"x","y":[\' + b"{}," * 100_000 + b"{}]}"',
    ],
  ])(
    'costs it no more than reading does, by %s',
    async (_what, kind, payload) => {
      const send6 = async (): Promise<void> => {
        for (let round = 0; round < 6; round++) {
          expect([200, 422, 500]).toContain((await send(kind, payload)).status);
        }
      };
      // Reading and passing on six times 4 MiB takes half of this, building their values took many times as much.
      expect(await leastCpuSeconds(server.pid, 1.5, send6)).toBeLessThan(1.5);
    },
    120_000,
  );

  it('gets no message of megabytes through', async () => {
    const { text, status } = await send(
      'failure',
      'b\'{"status":"SCRIPT_ERROR","message":"\' + b"m" * 4_000_000 + b\'"}\'',
    );
    expect(status).toBe(422);
    expect(text.length).toBeLessThan(2_000);
    const cut = await send('failure', 'b\'{"status":"SCRIPT_ERROR","message":"\' + b"m" * 400_000 + b\'"}\'');
    expect(cut.status).toBe(422);
    expect(cut.text.length).toBeLessThan(20_000);
  });

  it('gets nothing of its own into the log', async () => {
    await send('failure', `b'{"status":"${MARKER}","message":"${MARKER}"}'`);
    await send('failure', `b'{"status":{"${MARKER}":1},"message":"x"}'`);
    await send('result', `b'${MARKER}'`);
    expect(server.log).not.toContain(MARKER);
  });

  it('cannot pass its own end off as a failure of the sandbox', async () => {
    const { status, body } = await server.client.execute(`${PRELUDE}
def main():
    tried = [attempt(resource.setrlimit, resource.RLIMIT_CPU, limit) for limit in ((0, 0), (1, 1), (1, 2))]
    return tried + [call(160, 0, ctypes.c_char_p(b"\\0" * 16)), call(302, 0, 0, ctypes.c_char_p(b"\\0" * 16), 0)]
`);
    expect({ status, result: body.result }).toEqual({
      status: 200,
      // Python reports the EPERM of setrlimit as a ValueError.
      result: ['ValueError', 'ValueError', 'ValueError', 'EPERM', 'EPERM'],
    });
  });
});

describeCloud('Scripts that are slow to judge (parse-not)', () => {
  // Recovery from errors costs the parser quadratic time, which its count of steps does not see.
  it.each(['not:', '\n  not :', 'not ::'])('are refused in a sentence that says so: %j', async (fragment) => {
    const server = await ApiServer.start({ BUILD: 'cloud', LOG_LEVEL: 'warn' });
    try {
      const script = fragment.repeat(10_000 / fragment.length);
      const answers = await Promise.all(Array.from({ length: 5 }, () => server.client.execute(script)));
      for (const { status, body } of answers) {
        expect({ status, code: body.code }).toEqual({ status: 400, code: 'POLICY_VIOLATION' });
        expect(body.error).toMatch(/too complex to check.*Split/);
      }
      expect(server.logRecords).toEqual([]);
    } finally {
      await server.stop();
    }
  });

  it('run with the policy off, where CPython judges them', async () => {
    const server = await ApiServer.start({ BUILD: 'cloud', SCRIPT_POLICY: 'off' });
    try {
      const answer = await server.client.execute('not:'.repeat(2_500));
      expect(answer).toMatchObject({ status: 400, body: { code: 'SYNTAX_ERROR', line: 1 } });
    } finally {
      await server.stop();
    }
  });

  it('are given up before they cost much', async () => {
    const server = await ApiServer.start({ BUILD: 'cloud' });
    try {
      const slow = ['\\\n'.repeat(4_900), 'lambda:'.repeat(1_400), `x = ${'('.repeat(4_000)}`];
      const judge = async (): Promise<void> => {
        const answers = await Promise.all(
          [...slow, ...slow, ...slow].map((script) => server.client.execute(script)),
        );
        expect(answers.filter(({ status }) => status !== 400)).toEqual([]);
      };
      // Nine times the parser's whole patience would be 0.9 s; runs that only compile add some.
      expect(await leastCpuSeconds(server.pid, 2, judge)).toBeLessThan(2);
    } finally {
      await server.stop();
    }
  });
});
