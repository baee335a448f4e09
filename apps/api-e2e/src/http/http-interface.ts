import { API_PATHS, DEFAULT_LIMITS, type MetadataResponse, type ModulesResponse } from '@pycell/contracts';
import { describeDocumentation } from './documentation-interface';
import { describeValidation } from './validation-interface';
import { resultText } from '../harness/result-text';
import type { RunningService } from '../harness/running-service';

const OK_SCRIPT = 'def main():\n    return 1\n';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Defines what every service with default settings answers, and nothing that only its own process could show. */
export function describeHttpInterface(
  build: 'local' | 'cloud',
  connect: () => Promise<RunningService>,
): void {
  let server: RunningService;

  beforeAll(async () => {
    server = await connect();
  });

  afterAll(() => server.stop());

  describe('POST /execute', () => {
    it('answers with result, output and the measurements of the execution', async () => {
      const answer = await server.client.execute('def main():\n    print("hi")\n    return {"a": 1}');
      expect(answer.status).toBe(200);
      expect(Object.keys(answer.body)).toEqual(['result', 'stdout', 'stderr', 'artifacts', 'execution']);
      const { execution } = answer.body;
      expect(execution.id).toMatch(UUID);
      expect(execution.isolation).toMatch(build === 'local' ? /^none$/ : /^(nsjail|nsjail-per-run|gvisor)$/);
      const { queueMs, policyMs, startMs, runMs, resultMs } = execution.timings;
      expect(Math.min(queueMs, startMs, runMs, resultMs)).toBeGreaterThanOrEqual(0);
      expect(policyMs).toBeGreaterThan(0);
      expect(queueMs + policyMs + startMs + runMs + resultMs).toBeCloseTo(execution.durationMs, 1);
      expect(execution.cpuMs).toBeGreaterThanOrEqual(0);
      expect(execution.peakMemoryBytes).toBeGreaterThanOrEqual(0);
    });

    it('measures the run time, the CPU time and the memory of the script', async () => {
      const script =
        'import time\ndef main():\n    data = b"x" * 60_000_000\n    time.sleep(0.3)\n    return sum(range(3_000_000))';
      const { execution } = (await server.client.execute(script)).body;
      expect(execution.timings.runMs).toBeGreaterThan(300);
      expect(execution.timings.runMs).toBeLessThan(3000);
      // gVisor counts in steps of 10 ms.
      expect(execution.cpuMs).toBeGreaterThanOrEqual(10);
      expect(execution.cpuMs).toBeLessThan(3000);
      expect(execution.peakMemoryBytes).toBeGreaterThan(50_000_000);
      expect(execution.peakMemoryBytes).toBeLessThan(120_000_000);
    });

    it.each([
      ['a result', 'def main():\n    return 1'],
      ['an error of the script', 'def main():\n    return 1 / 0'],
    ])(
      'tells the same times as Server-Timing with %s, readable from other origins',
      async (_what, script) => {
        const { headers, body } = await server.client.execute(script);
        const { timings, durationMs } = body.execution;
        expect(headers['server-timing']).toBe(
          [
            `queue;dur=${timings.queueMs}`,
            `policy;dur=${timings.policyMs}`,
            `start;dur=${timings.startMs}`,
            `run;dur=${timings.runMs}`,
            `result;dur=${timings.resultMs}`,
            `total;dur=${durationMs}`,
          ].join(', '),
        );
        expect(headers['access-control-expose-headers']).toContain('Server-Timing');
      },
    );

    it('does not count what was loaded before the script: pandas is not its memory, nor its CPU time', async () => {
      const small = (await server.client.execute('def main():\n    return 1')).body.execution;
      const pandas = (await server.client.execute('import pandas\ndef main():\n    return 1')).body.execution;
      expect(small.peakMemoryBytes).toBeLessThan(10_000_000);
      // Loaded by the script itself it takes 50 MB.
      expect(pandas.peakMemoryBytes).toBeLessThan(25_000_000);
      // Loading it takes ten times this, and inside gVisor everything takes longer.
      const mostMs = small.isolation.startsWith('gvisor') ? 300 : 100;
      expect(Math.max(small.cpuMs ?? 0, pandas.cpuMs ?? 0)).toBeLessThan(mostMs);
    });

    it('is JSON in UTF-8 that nobody caches', async () => {
      const { headers } = await server.client.execute(OK_SCRIPT);
      expect(headers['content-type']).toBe('application/json; charset=utf-8');
      expect(headers['cache-control']).toBe('no-store');
      expect(headers.etag).toBeUndefined();
    });

    it('has code, place, traceback, output and measurements in an error of the script', async () => {
      const answer = await server.client.execute('def main():\n    print("start")\n    return 1 / 0\n');
      expect(answer.status).toBe(422);
      const { execution, requestId, ...rest } = answer.body;
      expect(rest).toEqual({
        error: 'ZeroDivisionError: division by zero (line 3)',
        code: 'SCRIPT_ERROR',
        line: 3,
        column: 12,
        traceback: expect.stringContaining('line 3, in main') as unknown,
        stdout: 'start\n',
        stderr: '',
      });
      expect(requestId).toBe(answer.headers['x-request-id']);
      expect(execution.timings.runMs).toBeGreaterThan(0);
      expect(Object.keys(answer.body)[0]).toBe('error');
    });

    it('returns a result of 3.9 MB whole', async () => {
      const answer = await server.client.execute('def main():\n    return ["é" * 1950] * 1000');
      expect(answer.status).toBe(200);
      expect(answer.body.result).toEqual(Array.from({ length: 1000 }, () => 'é'.repeat(1950)));
    });

    // Runs are forks of one process: nothing that keeps the state of random numbers may be the same in two of them.
    it.each([
      ['without packages', 'import random, secrets, uuid', 'random.random()'],
      ['with numpy', 'import random, secrets, uuid\nimport numpy as np', 'float(np.random.rand())'],
    ])('has random numbers of its own in each run %s, from every source', async (_with, imports, last) => {
      const sources = `random.getrandbits(64), secrets.token_hex(8), str(uuid.uuid4()), ${last}`;
      const script = `${imports}\ndef main():\n    return [${sources}]`;
      const runs = 12;
      const answers = await Promise.all(Array.from({ length: runs }, () => server.client.execute(script)));
      const drawn = answers.map(({ body }) => body.result as (string | number)[]);
      for (const source of [0, 1, 2, 3]) {
        expect(new Set(drawn.map((values) => values[source])).size).toBe(runs);
      }
    });

    it('leaves the digits of big integers in the body', async () => {
      const answer = await server.client.execute('def main():\n    return {"n": 2**64 + 1, "f": 1e22}');
      expect(resultText(answer.text)).toBe('{"n":18446744073709551617,"f":1e+22}');
    });

    it('answers 32 requests at once, each with its own result and output', async () => {
      const answers = await Promise.all(
        Array.from({ length: 32 }, (_unused, n) =>
          server.client.execute(
            `import time\ndef main():\n    print("out ${n}")\n    time.sleep(0.0${n % 10})\n    return ${n}`,
          ),
        ),
      );
      expect(answers.map(({ status, body }) => [status, body.result, body.stdout])).toEqual(
        Array.from({ length: 32 }, (_unused, n) => [200, n, `out ${n}\n`]),
      );
      expect(new Set(answers.map(({ body }) => body.execution.id)).size).toBe(32);
    });
  });

  describe('X-Request-Id', () => {
    it('is generated where the caller sends none', async () => {
      const answer = await server.client.execute('def main(): return (');
      expect(answer.headers['x-request-id']).toMatch(UUID);
      expect(answer.body.requestId).toBe(answer.headers['x-request-id']);
    });

    it('is the one of the caller, in header and body', async () => {
      const headers = { 'Content-Type': 'application/json', 'X-Request-Id': 'job-42:a.b_c' };
      const answer = await server.client.postRaw('{}', headers);
      expect([answer.headers['x-request-id'], answer.body.requestId]).toEqual([
        'job-42:a.b_c',
        'job-42:a.b_c',
      ]);
    });

    it('is generated where the one of the caller could break a log line or is too long', async () => {
      for (const id of ['a b', 'x'.repeat(129), '{"a":1}', '']) {
        const answer = await server.client.get(API_PATHS.live, { 'X-Request-Id': id });
        expect(answer.headers['x-request-id']).toMatch(UUID);
      }
    });

    it('is there on every kind of answer', async () => {
      for (const path of [
        API_PATHS.metadata,
        API_PATHS.ready,
        API_PATHS.docs,
        API_PATHS.openapi,
        '/nothing',
      ]) {
        expect((await server.client.get(path)).headers['x-request-id']).toMatch(UUID);
      }
    });
  });

  describe('GET /', () => {
    it('describes the service', async () => {
      const { status, body } = await server.client.get<MetadataResponse>(API_PATHS.metadata);
      expect(status).toBe(200);
      expect(body).toMatchObject({ name: 'pycell', environment: build, limits: DEFAULT_LIMITS });
      expect(body.version).toMatch(/^\d+\.\d+\.\d+/);
      expect(body.isolation).toMatch(build === 'local' ? /^none$/ : /nsjail|gvisor/);
      expect(body.scriptPolicy.mode).toBe('enforce');
      expect(body.scriptPolicy.blockedModules).toEqual(['os', 'sys', 'subprocess', 'shutil']);
      expect([...new Set(body.endpoints.map(({ path }) => path))].sort()).toEqual(
        Object.values(API_PATHS).sort(),
      );
    });

    it('shows the latest self-test of the isolation', async () => {
      const { isolation, selfTest } = (await server.client.get<MetadataResponse>(API_PATHS.metadata)).body;
      expect(selfTest.passed).toBe(true);
      expect(Date.now() - Date.parse(selfTest.at ?? '')).toBeLessThan(600_000);
      const checked = selfTest.checks.filter(({ passed }) => passed).map(({ name }) => name);
      expect(checked).toHaveLength(selfTest.checks.length);
      if (build === 'cloud') {
        expect(checked).toEqual(
          expect.arrayContaining([
            'processes',
            isolation.startsWith('gvisor') ? 'kernel' : 'user',
            'capabilities',
            'root',
            'tmp',
            'descriptors',
            'memory',
            'network',
            'filter',
          ]),
        );
      }
    });

    it('tells the interpreter and the packages that scripts really see', async () => {
      const { python } = (await server.client.get<MetadataResponse>(API_PATHS.metadata)).body;
      const script =
        'import platform, numpy, pandas\ndef main():\n    return [platform.python_version(), numpy.__version__, pandas.__version__]';
      const version = (name: string): string | undefined =>
        python.packages.find((p) => p.name === name)?.version;
      expect((await server.client.execute(script)).body.result).toEqual([
        python.version,
        version('numpy'),
        version('pandas'),
      ]);
    });

    it('lists the modules that scripts can import, and no others', async () => {
      const { modules } = (await server.client.get<ModulesResponse>(API_PATHS.modules)).body;
      expect(modules).toEqual(
        expect.arrayContaining(['json', 'math', 'numpy', 'pandas', 'dateutil', 'matplotlib']),
      );
      const names = JSON.stringify(modules);
      const script = `import importlib.util\ndef main():\n    return [n for n in ${names} if not importlib.util.find_spec(n)]`;
      expect((await server.client.execute(script)).body.result).toEqual([]);
    });

    it('has an example that works as it stands', async () => {
      const { usage } = (await server.client.get<MetadataResponse>(API_PATHS.metadata)).body;
      const answer = await server.client.send({
        method: usage.method,
        path: usage.path,
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(usage.body),
      });
      expect(answer).toMatchObject({ status: 200, body: { result: { message: 'Hello Ada' } } });
    });
  });

  describe('health', () => {
    it.each([API_PATHS.health, API_PATHS.live, API_PATHS.ready, API_PATHS.startup])(
      'GET %s is ok',
      async (path) => {
        const answer = await server.client.get(path);
        expect(answer).toMatchObject({ status: 200, body: { status: 'ok' } });
      },
    );

    it('readiness tells that the sandbox works', async () => {
      const answer = await server.client.get(API_PATHS.ready);
      expect(answer.body).toMatchObject({ details: { sandbox: { status: 'up' } } });
    });
  });

  describeDocumentation(() => server.client);
  describeValidation(() => server.client);
}
