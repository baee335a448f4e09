import { setTimeout as delay } from 'node:timers/promises';
import { API_PATHS } from '@pycell/contracts';
import { PRELUDE } from './containment/containment-case';
import { ApiServer } from './harness/api-server';
import type { ExecuteAnswer } from './harness/http-client';
import { describeCloud } from './harness/jail-support';

const MARKER = 'marker-of-the-script';

/** The longest that the service took to say that it is alive while `work` went on, milliseconds. */
async function longestSilence(server: ApiServer, work: Promise<unknown>): Promise<number> {
  const state = { done: false };
  void work.finally(() => (state.done = true));
  let longest = 0;
  while (!state.done) {
    const began = performance.now();
    await server.client.get(API_PATHS.live);
    longest = Math.max(longest, performance.now() - began);
    await delay(5);
  }
  return longest;
}

describeCloud('A script that wants to stop the service', () => {
  let server: ApiServer;

  beforeAll(async () => {
    server = await ApiServer.start({ BUILD: 'cloud', SCRIPT_POLICY: 'off', SCRIPT_TIMEOUT: '5' });
  });

  afterAll(() => server.stop());

  const send = (kind: number, payload: string): Promise<ExecuteAnswer> =>
    server.client.execute(`${PRELUDE}
def main():
    data = frame(${kind}, ${payload})
    number = descriptors()[-1]
    while data:
        data = data[os.write(number, data):]
    time.sleep(60)
`);

  it.each([
    ['many small objects', 20, 'b"[" + b",".join(b"{}" for _ in range(1_390_000)) + b"]"'],
    ['objects that all differ', 20, 'b"[" + b",".join(b\'{"%dz":1}\' % i for i in range(300_000)) + b"]"'],
    ['one long number', 20, 'b"1" * 4_000_000'],
    [
      'a deep failure',
      21,
      'b\'{"code":"SCRIPT_ERROR","message":"x","y":\' + b"[" * 200_000 + b"]" * 200_000 + b"}"',
    ],
    [
      'a failure of many objects',
      21,
      'b\'{"code":"SCRIPT_ERROR","message":"x","y":[\' + b"{}," * 100_000 + b"{}]}"',
    ],
  ])('does not keep it from answering others by %s', async (_what, kind, payload) => {
    const executions = Promise.all([send(kind, payload), send(kind, payload)]);
    // Far above what reading takes and far below what building the values took.
    expect(await longestSilence(server, executions)).toBeLessThan(400);
    for (const { status } of await executions) {
      expect([200, 422, 500]).toContain(status);
    }
  });

  it('gets no message of megabytes through', async () => {
    const { text, status } = await send(
      21,
      'b\'{"code":"SCRIPT_ERROR","message":"\' + b"m" * 4_000_000 + b\'"}\'',
    );
    expect(status).toBe(500);
    expect(text.length).toBeLessThan(2_000);
    const cut = await send(21, 'b\'{"code":"SCRIPT_ERROR","message":"\' + b"m" * 400_000 + b\'"}\'');
    expect(cut.status).toBe(422);
    expect(cut.text.length).toBeLessThan(20_000);
  });

  it('gets nothing of its own into the log', async () => {
    await send(21, `b'{"code":"${MARKER}","message":"${MARKER}"}'`);
    await send(21, `b'{"code":{"${MARKER}":1},"message":"x"}'`);
    await send(20, `b'${MARKER}'`);
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

describeCloud('Scripts that are slow to judge', () => {
  it('do not keep the service from answering others', async () => {
    const server = await ApiServer.start({ BUILD: 'cloud' });
    try {
      const slow = [
        '"\\\n"'.repeat(1),
        '\\\n'.repeat(4_900),
        'lambda:'.repeat(1_400),
        `x = ${'('.repeat(4_000)}`,
      ];
      const executions = Promise.all(
        [...slow, ...slow, ...slow].map((script) => server.client.execute(script)),
      );
      expect(await longestSilence(server, executions)).toBeLessThan(1_000);
      for (const { status } of await executions) {
        expect(status).toBe(400);
      }
    } finally {
      await server.stop();
    }
  });
});
