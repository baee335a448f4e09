import { ApiServer } from './harness/api-server';
import type { HttpAnswer } from './harness/http-client';
import { describeCloud } from './harness/jail-support';
import { KeysFile } from './harness/keys-file';

const JSON_TYPE = { 'Content-Type': 'application/json' };

interface Stage {
  readonly stdout: string;
  readonly stderr: string;
  readonly output: string;
  readonly code: number | null;
  readonly signal: string | null;
  readonly status: string | null;
  readonly message: string | null;
  readonly cpu_time: number;
  readonly wall_time: number;
  readonly memory: number;
}

interface Answer {
  readonly run: Stage;
  readonly language: string;
  readonly version: string;
  readonly message?: string;
}

describeCloud('The interface of Piston', () => {
  let server: ApiServer;

  beforeAll(async () => {
    server = await ApiServer.start({ BUILD: 'cloud', INTERFACES: 'piston', SCRIPT_TIMEOUT: '3' });
  });

  afterAll(() => server.stop());

  const post = (
    body: unknown,
    headers: Readonly<Record<string, string>> = JSON_TYPE,
    path = '/api/v2/execute',
  ) =>
    server.client.send<Answer>({
      method: 'POST',
      path,
      headers,
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const run = (content: string, more: object = {}): Promise<HttpAnswer<Answer>> =>
    post({ language: 'python', version: '3.x', files: [{ name: 'main.py', content }], ...more });

  it('runs a program, the words of which the policy would refuse', async () => {
    const { status, body, headers } = await run(
      'import os, sys\nprint(os.getcwd())\nprint("e", file=sys.stderr)',
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({
      language: 'python',
      run: {
        stdout: '/tmp/work\n',
        stderr: 'e\n',
        output: '/tmp/work\ne\n',
        code: 0,
        signal: null,
        status: null,
      },
    });
    expect(body.version).toMatch(/^3\.\d+\.\d+/);
    expect(body.run.wall_time).toBeGreaterThan(0);
    expect(body.run.memory).toBeGreaterThanOrEqual(0);
    expect(headers['cache-control']).toBe('no-store');
  });

  it('serves the paths of the public service, too', async () => {
    const program = { language: 'py', version: '3.10.0', files: [{ content: 'print(40 + 2)' }] };
    const { body } = await post(program, JSON_TYPE, '/api/v2/piston/execute');
    expect(body.run.stdout).toBe('42\n');
    const runtimes =
      await server.client.get<{ language: string; version: string; aliases: string[] }[]>(
        '/api/v2/piston/runtimes',
      );
    expect(runtimes.body).toEqual([
      { language: 'python', version: body.version, aliases: ['py', 'py3', 'python3'] },
    ]);
    expect((await server.client.get('/api/v2/runtimes')).body).toEqual(runtimes.body);
  });

  it('hands over standard input, arguments, files and modules', async () => {
    const { body } = await run(
      'import sys, lib\nprint(input(), sys.argv[1:], lib.X, open("a/b.bin", "rb").read())',
      {
        stdin: 'in',
        args: ['one', 'two words'],
        files: [
          {
            name: 'main.py',
            content: 'import sys, lib\nprint(input(), sys.argv[1:], lib.X, open("a/b.bin", "rb").read())',
          },
          { name: 'lib.py', content: 'X = 7' },
          { name: 'a/b.bin', content: '/wA=', encoding: 'base64' },
        ],
      },
    );
    expect(body.run.stderr).toBe('');
    expect(body.run.stdout).toBe("in ['one', 'two words'] 7 b'\\xff\\x00'\n");
  });

  it('prefers modules of the program to those that are loaded here already', async () => {
    const files = [
      {
        name: 'main.py',
        content: `import calendar, json.mine, random, os, time, decimal, pandas as pd
from json import decoder
print(calendar.X, json.mine.X, decoder.__name__, random.X, os.sep, time.time() > 0, decimal.X)
print(int(pd.DataFrame({"a": [1, 2]})["a"].sum()), "_pycell_sys" in globals(), "_pycell_name" in globals())
try:
    import json.encoder
except ModuleNotFoundError as error:
    print(error)
`,
      },
      ...['calendar', 'random', 'decimal', 'os', 'time', 'json/mine', 'json/decoder', 'json/__init__'].map(
        (name) => ({ name: `${name}.py`, content: `X = "own ${name}"` }),
      ),
    ];
    const { body } = await run('', { files, args: [1, true] });
    expect(body.run.stderr).toBe('');
    expect(body.run.stdout).toBe(
      "own calendar own json/mine json.decoder own random / True own decimal\n3 False False\nNo module named 'json.encoder'\n",
    );
  });

  it('gives arguments to programs that say what they are, and that import of the future', async () => {
    const { body } = await run(
      '#!/usr/bin/env python3\n"""Usage: \\"x\\"\nfrom __future__ import y\n"""\nfrom __future__ import annotations  # why\nimport sys\nprint(__doc__.split()[0], sys.argv[1:])\nraise ValueError',
      { args: ['x'] },
    );
    expect(body.run.stdout).toBe("Usage: ['x']\n");
    expect(body.run.stderr).toMatch(/line 8, in <module>/);
  });

  it('names the lines of its author where a program with arguments raises', async () => {
    const { body } = await run('def f():\n    return 1 / 0\n\nf()\n', { args: ['x'] });
    expect(body.run).toMatchObject({ code: 1, signal: null, status: 'RE' });
    expect(body.run.stderr).toMatch(
      /line 4, in <module>[^]*line 2, in f[^]*ZeroDivisionError: division by zero\n$/,
    );
  });

  it.each([
    ['a syntax error', 'print(', { code: 1, status: 'RE' }, /SyntaxError/],
    ['an exit', 'import sys\nsys.exit(3)', { code: 3, status: 'RE' }, /^$/],
    ['an exit with words', 'raise SystemExit("no")', { code: 1, status: 'RE' }, /^no\n$/],
    ['an exit that is none', 'import os\nos._exit(0)', { code: 0, status: null }, /^$/],
    ['a signal', 'import ctypes\nctypes.string_at(0)', { code: null, signal: 'SIGSEGV', status: 'SG' }, /^$/],
    ['a value that is no JSON', 'print("x")\nobject()', { code: 0, status: null, stdout: 'x\n' }, /^$/],
  ])('tells of %s', async (_name, content, expected, stderr) => {
    const { status, body } = await run(content);
    expect(status).toBe(200);
    expect(body.run).toMatchObject(expected);
    expect(body.run.stderr).toMatch(stderr);
  });

  it('ends a program at its time, its CPU time and the limit of output', async () => {
    const timed = await run('print("begun", flush=True)\nwhile True: pass', { run_timeout: 300 });
    expect(timed.body.run).toMatchObject({ stdout: 'begun\n', code: null, signal: 'SIGKILL', status: 'TO' });
    const busy = await run('import time\nwhile time.process_time() < 0.3: pass', { run_cpu_time: 100 });
    expect(busy.body.run).toMatchObject({ code: null, status: 'TO' });
    const loud = await run('while True: print("x" * 10_000)');
    expect(loud.body.run).toMatchObject({ code: null, signal: 'SIGKILL', status: 'OL' });
  });

  it.each([
    [
      { language: 'javascript', version: '*', files: [{ content: '1' }] },
      /^javascript-\* runtime is unknown/,
    ],
    [{ language: 'python', version: '2.7', files: [{ content: '1' }] }, /^python-2\.7 runtime is unknown/],
    [{}, /^language is required as a string$/],
    [
      { language: 'python', version: '*', files: [{ content: '1' }], run_timeout: 3001 },
      /^run_timeout cannot exceed the configured limit of 3000$/,
    ],
    [
      { language: 'python', version: '*', files: [{ content: '1' }, { name: '../a', content: '' }] },
      /name of file 1/,
    ],
    [{ language: 'python', version: '*', files: [{ content: `#${'x'.repeat(200_000)}` }] }, /200000/],
    ['{', /JSON/],
  ])('refuses %p in its form', async (body, message) => {
    const answer = await post(body);
    expect(answer.status).toBe(400);
    expect(Object.keys(answer.body)).toEqual(['message']);
    expect(answer.body.message).toMatch(message);
  });

  it('takes a script of 200,000 characters', async () => {
    const { body } = await run(`print(1)#${'x'.repeat(199_991)}`);
    expect(body.run.stdout).toBe('1\n');
  });

  it('refuses what it does not serve, and other types of bodies', async () => {
    for (const [method, path, status] of [
      ['POST', '/api/v2/packages', 400],
      ['DELETE', '/api/v2/packages', 400],
      ['GET', '/api/v2/connect', 400],
      ['GET', '/api/v2/execute', 405],
      ['GET', '/api/v2/nowhere', 404],
    ] as const) {
      const answer = await server.client.send<Answer>({ method, path, headers: JSON_TYPE });
      expect([path, answer.status, Object.keys(answer.body)]).toEqual([path, status, ['message']]);
    }
    expect((await post('language=python', { 'Content-Type': 'application/xml' })).status).toBe(415);
  });

  it('is in the description of the service, and in its log', async () => {
    const { body } = await server.client.get<{ endpoints: { path: string }[] }>('/');
    expect(body.endpoints.map(({ path }) => path)).toContain('/api/v2/execute');
    await run('print(1)');
    expect(server.log).toContain('"interface":"piston"');
  });
});

describeCloud('The interface of Piston, with keys', () => {
  const file = new KeysFile();
  const key = file.add('shop');
  const strict = file.add('strict', { policy: 'enforce' });
  let server: ApiServer;

  beforeAll(async () => {
    server = await ApiServer.start({ BUILD: 'cloud', INTERFACES: 'piston', API_KEYS_FILE: file.path });
  });

  afterAll(async () => {
    await server.stop();
    file.dispose();
  });

  const run = (headers: Readonly<Record<string, string>>, content = 'import os\nprint(1)', more = {}) =>
    server.client.send<Answer>({
      method: 'POST',
      path: '/api/v2/execute',
      headers: { ...JSON_TYPE, ...headers },
      body: JSON.stringify({ language: 'python', version: '*', files: [{ content }], ...more }),
    });

  it('wants one, and says so in its form', async () => {
    const { status, body } = await run({});
    expect(status).toBe(401);
    expect(body).toEqual({ message: expect.stringContaining('key') as string });
    expect((await run({ Authorization: `Bearer ${key}` })).body.run.stdout).toBe('1\n');
  });

  it('holds the policy of a key that has one', async () => {
    const { status, body } = await run({ 'X-API-Key': strict });
    expect(status).toBe(400);
    expect(body).toEqual({ message: 'Dangerous operation detected: import os' });
    const withArguments = await run({ 'X-API-Key': strict }, 'print(1)', { args: ['a'] });
    expect([withArguments.status, withArguments.body]).toEqual([
      400,
      {
        message: expect.stringMatching(/^args and modules in files are not taken from a key with/) as string,
      },
    ]);
    expect((await run({ 'X-API-Key': strict }, 'print(1)')).body.run.stdout).toBe('1\n');
  });
});
