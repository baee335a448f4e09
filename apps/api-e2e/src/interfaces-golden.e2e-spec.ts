import { ApiServer } from './harness/api-server';
import { type GoldenRequest, goldenRequests } from './harness/golden-requests';
import type { HttpAnswer } from './harness/http-client';
import { describeCloud } from './harness/jail-support';
import { KeysFile } from './harness/keys-file';

/** So many requests with pandas are timed, behind one that is not. */
const TIMED = 21;

/** A check is one member of an answer that is compared. */
function checksOf(expected: unknown): number {
  return typeof expected === 'object' && expected !== null && Object.keys(expected).length > 0
    ? Object.values(expected).reduce<number>((sum, member) => sum + checksOf(member), 0)
    : 1;
}

function matching(pattern: string): unknown {
  return expect.stringMatching(new RegExp(pattern));
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN;
}

describeCloud('Requests as Dify and RAGFlow send them', () => {
  const file = new KeysFile();
  const key = file.add('dify');
  file.add('ragflow');
  /** How each names its key: Dify sends one always, RAGFlow's own client none. */
  const KEY_HEADERS = { dify: { 'X-Api-Key': key }, ragflow: {} };
  type Name = keyof typeof KEY_HEADERS;
  const checks: Record<Name, number> = { dify: 0, ragflow: 0 };
  let server: ApiServer;

  beforeAll(async () => {
    server = await ApiServer.start({
      BUILD: 'cloud',
      INTERFACES: 'dify,ragflow',
      SCRIPT_TIMEOUT: '2',
      API_KEYS_FILE: file.path,
      INTERFACE_KEYS: 'ragflow=ragflow',
    });
  });

  afterAll(async () => {
    await server.stop();
    file.dispose();
  });

  function send(name: Name, { method, path, body }: GoldenRequest) {
    return server.client.send<Record<string, unknown>>({
      method,
      path,
      headers: { ...KEY_HEADERS[name], ...(body && { 'Content-Type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
  }

  /** Compares an answer with what it must have at least; texts that differ from one version of Python to the next by a pattern. */
  function compare(name: Name, { status, body }: HttpAnswer, { answer }: GoldenRequest): void {
    const { errorMatches, stderrMatches } = answer;
    const stderr = stderrMatches !== undefined && { stderr: matching(stderrMatches) };
    expect({ status, body }).toMatchObject({ status: answer.status, body: { ...answer.body, ...stderr } });
    checks[name] += 1 + checksOf(answer.body);
    if (errorMatches !== undefined) {
      expect(body).toMatchObject({ data: { error: matching(errorMatches) } });
      checks[name] += 1;
    }
  }

  describe.each([
    ['dify', 'pandas-node.json'],
    ['ragflow', 'pandas-component.json'],
  ] as const)('%s', (name, withPandas) => {
    const all = goldenRequests(name);

    it.each(all.map((golden) => [golden.file, golden] as const))(
      'is answered as its client expects it: %s',
      async (_file, golden) => compare(name, await send(name, golden), golden),
    );

    it('is answered soon where scripts need pandas', async () => {
      const golden = all.filter(({ file: own }) => own === withPandas);
      expect(golden).toHaveLength(1);
      const times: number[] = [];
      for (const request of golden) {
        for (let n = 0; n <= TIMED; n++) {
          const begin = performance.now();
          const { status, body } = await send(name, request);
          times.push(performance.now() - begin);
          expect({ status, body }).toMatchObject({ status: 200, body: request.answer.body });
        }
      }
      expect(checks[name]).toBeGreaterThan(all.length);
      const p50 = median(times.slice(1));
      console.log(`${name}: ${checks[name]} checks, p50 with pandas ${p50.toFixed(1)} ms`);
      // Far from what a first import of pandas takes, also on a machine that is busy.
      expect(p50).toBeLessThan(server.patienceMs(1_000));
    });
  });
});
