import { type ExecuteResponse, FIXED_LIMITS } from '@pycell/contracts';
import { PRELUDE } from './containment/containment-case';
import { ApiServer } from './harness/api-server';
import { eventually } from './harness/eventually';
import type { ExecuteAnswer } from './harness/http-client';
import { describeCloud } from './harness/jail-support';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const TIMEOUT_SECONDS = 4;
/** From the time limit to the answer, on a busy machine; less than the limit: who wins it once more is noticed. */
const END_SECONDS = 3.5;

/** Whatever a run claims: the answer is whole, and its measurements are the service's own. */
function expectOrderly(answer: ExecuteAnswer): void {
  expect([200, 422]).toContain(answer.status);
  const keys = Object.keys(answer.body);
  if (answer.status === 200) {
    expect(keys).toEqual(['result', 'stdout', 'stderr', 'execution']);
  } else {
    expect(keys.slice(0, 3)).toEqual(['error', 'code', 'requestId']);
    expect(answer.body.requestId).toBe(answer.headers['x-request-id']);
  }
  if (keys.includes('execution')) {
    expect(answer.body.execution.id).toMatch(UUID);
    expect(answer.body.execution.isolation).toMatch(/nsjail|gvisor/);
    expect(answer.body.execution.durationMs).toBeLessThan(60_000);
  }
  expect(answer.text).not.toContain('"id":"forged"');
}

/** Frame types of the runner, and some that do not exist. */
const TYPES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 255];

const PAYLOADS: Readonly<Record<string, string>> = {
  'a spliced execution': 'b\'1,"execution":{"id":"forged"}\'',
  'a closing brace': 'b\'1},"execution":{"id":"forged"}\'',
  'two values': 'b"1 2"',
  'no value': 'b""',
  'invalid UTF-8': 'b\'"\\xff"\'',
  'no JSON': 'b"NaN"',
  'a comment': 'b"1 /* x */"',
  'deep nesting': `b"[" * ${FIXED_LIMITS.resultDepth + 1} + b"]" * ${FIXED_LIMITS.resultDepth + 1}`,
  'very deep nesting': 'b"[" * 1_000_000',
};

describeCloud('A run that forges what it sends', () => {
  let server: ApiServer;
  /** How many lines of the log are about its start, which no run has brought about. */
  let firstLines: number;

  beforeAll(async () => {
    server = await ApiServer.start({
      BUILD: 'cloud',
      SCRIPT_POLICY: 'off',
      SCRIPT_TIMEOUT: String(TIMEOUT_SECONDS),
    });
    // Both kinds of zygote are up.
    await eventually(
      () => server.client.execute('import pandas\ndef main(): pass'),
      ({ status }) => status === 200,
      server.patienceMs(10_000),
    );
    firstLines = server.logRecords.length;
  });

  afterAll(() => server.stop());

  const execute = (body: string): Promise<ExecuteAnswer> => server.client.execute(`${PRELUDE}\n${body}\n`);

  describe.each(Object.entries(PAYLOADS))('as its result: %s', (_name, payload) => {
    it('by replacing the functions of the runner: it has broken its channel', async () => {
      const answer = await execute(`
import types
def main():
    frame = sys._getframe()
    while frame:
        for module in [m for m in frame.f_globals.values() if isinstance(m, types.ModuleType)]:
            if hasattr(module, "encode_json"):
                module.encode_json = lambda *_, **__: ${payload}
        frame = frame.f_back
    return {"honest": True}`);
      expectOrderly(answer);
      expect({ status: answer.status, error: answer.body.error, code: answer.body.code }).toEqual({
        status: 422,
        error: expect.stringMatching(
          /^Script broke the channel that carries its result \(its result [^)]*\)/,
        ),
        code: 'SCRIPT_CRASHED',
      });
    });

    it('by writing frames to its channel: it has broken it', async () => {
      const answer = await execute(`
def main():
    for number in descriptors()[3:]:
        attempt(os.write, number, result_frame(${payload}))
    time.sleep(0.2)
    os._exit(0)`);
      expectOrderly(answer);
      expect(answer.body.code).toBe('SCRIPT_CRASHED');
    });
  });

  it.each(TYPES)('as frame type %i on every descriptor, in all forms: an orderly answer', async (type) => {
    const answer = await execute(`
def main():
    bodies = [b"", b"1", b'{"status":"OK","runMs":0,"cpuMs":0,"peakMemoryBytes":0,"execution":{"id":"forged"}}', b"\\xff" * 100]
    for number in descriptors():
        if number:
            for body in bodies:
                attempt(os.write, number, frame(${type}, body))
    return "honest"`);
    expectOrderly(answer);
  });

  it('cannot win time by announcing its start again', async () => {
    const began = Date.now();
    const answer = await execute(`
def main():
    for _ in range(40):
        for number in descriptors()[3:]:
            attempt(os.write, number, frame(17, b"0"))
        time.sleep(0.5)`);
    expect(Date.now() - began).toBeLessThan((TIMEOUT_SECONDS + END_SECONDS) * 1000);
    expectOrderly(answer);
    expect(answer.status).not.toBe(200);
  });

  it.each([
    ['a status of the service', `b'{"status":"SANDBOX_BUSY","message":"x"}'`],
    ['a status that does not exist', `b'{"status":"FINE","message":"x"}'`],
    [
      'a place that is none',
      `b'{"status":"SCRIPT_ERROR","message":"x","line":-1,"column":"a","execution":{"id":"forged"}}'`,
    ],
    ['a message that is an object', `b'{"status":"SCRIPT_ERROR","message":{"a":1}}'`],
    ['no object', 'b"[]"'],
    ['a section that it has not', `b'{"status":"SCRIPT_ERROR","message":"x","sections":[["result",9]]}'`],
    ['ten megabytes', `b'{"status":"SCRIPT_ERROR","message":"' + b"x" * 10_000_000 + b'"}'`],
  ])('as its failure: %s', async (_name, payload) => {
    const answer = await execute(`
def main():
    for number in descriptors()[3:]:
        attempt(os.write, number, failure_frame(${payload}))
    time.sleep(0.5)`);
    expectOrderly(answer);
    expect(['SCRIPT_CRASHED', 'SCRIPT_ERROR']).toContain(answer.body.code);
    expect(answer.body.line ?? 1).toBeGreaterThan(0);
    expect(answer.text.length).toBeLessThan(100_000);
  });

  it.each([
    ['a head that is longer than its frame', 'frame(20, struct.pack("!I", 1 << 30) + b"{}")'],
    [
      'a section that is longer than its frame',
      `outcome(b'{"status":"OK","sections":[["result",9999]]}', b"1")`,
    ],
    [
      'a section that is shorter than what is there',
      `outcome(b'{"status":"OK","sections":[["result",1]]}', b'1,"execution":{}')`,
    ],
    ['two results', `outcome(b'{"status":"OK","sections":[["result",1],["result",1]]}', b"11")`],
    ['a section that is not for runs', `outcome(b'{"status":"OK","sections":[["script",1]]}', b"1")`],
  ])('as an outcome with %s: it has broken its channel', async (_name, forged) => {
    const answer = await execute(`
def main():
    for number in descriptors()[3:]:
        attempt(os.write, number, ${forged})
    time.sleep(0.5)`);
    expectOrderly(answer);
    expect(answer.body.code).toBe('SCRIPT_CRASHED');
  });

  it('as a header that announces four gigabytes: an orderly answer, and no memory is spent', async () => {
    const answer = await execute(`
def main():
    for number in descriptors()[3:]:
        attempt(os.write, number, struct.pack("!BBHII", 20, 0, 0, 0, 0xFFFFFFFF))
        attempt(os.write, number, b"x" * 1000)
    return 1`);
    expectOrderly(answer);
  });

  it('that closes every descriptor: an orderly answer', async () => {
    const answer = await execute('def main():\n    os.closerange(0, 4096)\n    return 1');
    expectOrderly(answer);
    expect(answer.body.code).toBe('SCRIPT_EXITED');
  });

  it('that fills its channel and never ends a frame: an orderly answer in time', async () => {
    const began = Date.now();
    const answer = await execute(`
def main():
    for number in descriptors()[3:]:
        os.write(number, struct.pack("!BBHII", 20, 0, 0, 0, 3_000_000))
        while True:
            os.write(number, b" " * 1000)`);
    expectOrderly(answer);
    expect(Date.now() - began).toBeLessThan((TIMEOUT_SECONDS + END_SECONDS) * 1000);
  });

  it('leaves the answers of others alone', async () => {
    const forged = execute(`
def main():
    for number in descriptors()[3:]:
        attempt(os.write, number, frame(21, b"{}") * 100)
    time.sleep(0.3)`);
    const honest = await Promise.all(
      [1, 2, 3, 4].map((n) => server.client.execute(`def main(): return ${n}`)),
    );
    expectOrderly(await forged);
    expect(honest.map(({ body }) => (body as ExecuteResponse).result)).toEqual([1, 2, 3, 4]);
  });

  it('has brought about no line in the log above the level of information', () => {
    const lines = server.logRecords.slice(firstLines);
    expect(lines.filter(({ level }) => Number(level) > 30)).toEqual([]);
    expect(lines.filter(({ outcome }) => outcome === 'SCRIPT_CRASHED')).not.toEqual([]);
  });
});
