import { ApiServer } from './harness/api-server';
import { describeCloud } from './harness/jail-support';
import { describeBackends, type JobBackend, startBackend } from './harness/job-backends';
import { Judge0, PYTHON, type Submission } from './harness/judge0-client';
import { KeysFile } from './harness/keys-file';

const JSON_TYPE = { 'Content-Type': 'application/json' };

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** A program that runs instructions of x86-64, hexadecimal. */
function machineCode(code: string): string {
  return [
    'import ctypes, mmap',
    'page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)',
    `page.write(bytes.fromhex("${code}"))`,
    'ctypes.CFUNCTYPE(None)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()',
  ].join('\n');
}

describeCloud('The interface of Judge0', () => {
  let server: ApiServer;
  let judge: Judge0;

  beforeAll(async () => {
    server = await ApiServer.start({
      BUILD: 'cloud',
      INTERFACES: 'judge0',
      SCRIPT_TIMEOUT: '3',
      MAX_CONCURRENCY: '3',
    });
    judge = new Judge0(server);
  });

  afterAll(() => server.stop());

  it('runs a program and judges what it printed', async () => {
    const { status, body } = await judge.run('import os\nprint("hello, " + input())', {
      stdin: 'Judge0',
      expected_output: 'hello, Judge0',
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      stdout: 'hello, Judge0\n',
      stderr: null,
      compile_output: null,
      message: null,
      status: { id: 3, description: 'Accepted' },
    });
    expect(body.token).toMatch(/^[0-9a-f-]{36}$/);
    expect(Number(body.time)).toBeGreaterThan(0);
    expect(body.memory).toBeGreaterThan(0);
    expect((await judge.run('print(1)', { expected_output: '2' })).body.status).toEqual({
      id: 4,
      description: 'Wrong Answer',
    });
  });

  it('speaks base64, as it is asked to', async () => {
    const submission = { source_code: base64('print("ä")'), language_id: 109, stdin: base64('x') };
    const { body } = await judge.post(
      '/submissions?base64_encoded=true&wait=true&fields=stdout,stdin',
      submission,
    );
    expect(body).toEqual({ stdout: `${base64('ä\n')}\n`, stdin: 'eA==\n' });
  });

  it.each([
    ['an exception', '1 / 0', 11, { exit_code: 1 }, /ZeroDivisionError: division by zero\n$/],
    ['a syntax error', 'print(', 11, { exit_code: 1 }, /SyntaxError/],
    ['an exit', 'raise SystemExit(4)', 11, { exit_code: 4 }, /^null$/],
    ['SIGSEGV', 'import ctypes\nctypes.string_at(0)', 7, { exit_signal: 11 }, /^null$/],
    ['SIGFPE', machineCode('31c931d2f7f1'), 9, { exit_signal: 8 }, /^null$/],
    ['SIGILL', machineCode('0f0b'), 12, { exit_signal: 4 }, /^null$/],
    // It is the first process of its namespace: its own signals do not reach it, and libc breaks it off in another way.
    ['an abort', 'import os\nos.abort()', 7, { exit_signal: 11 }, /^null$/],
    ['a signal of its own', 'import os\nos.kill(os.getpid(), 15)', 3, { exit_code: 0 }, /^null$/],
    ['too much output', 'while True: print("x" * 10_000)', 8, { exit_signal: 25 }, /^null$/],
    ['a value that is no JSON', 'object()', 3, { exit_code: 0 }, /^null$/],
  ])('has a number for %s', async (_name, source, id, expected, stderr) => {
    const { body } = await judge.run(source, {}, '&fields=status,exit_code,exit_signal,stderr');
    expect(body.status.id).toBe(id);
    expect(body).toMatchObject(expected);
    expect(String(body.stderr)).toMatch(stderr);
  });

  it('holds limits of wall time and of CPU time', async () => {
    const slow = await judge.run('import time\nprint("begun", flush=True)\ntime.sleep(9)', {
      wall_time_limit: 0.3,
    });
    expect(slow.body).toMatchObject({ status: { id: 5 }, stdout: 'begun\n', message: 'Time limit exceeded' });
    const busy = 'import time\nwhile time.process_time() < 0.3: pass';
    expect((await judge.run(busy, { cpu_time_limit: 0.1 })).body.status.id).toBe(5);
    expect((await judge.run('import time\ntime.sleep(0.3)', { cpu_time_limit: 0.2 })).body.status.id).toBe(3);
  });

  it('refuses in its form what it does not serve', async () => {
    for (const [submission, errors] of [
      [{}, { source_code: ["can't be blank"], language_id: ["can't be blank"] }],
      [
        { source_code: 'x', language_id: PYTHON, wall_time_limit: 4 },
        { wall_time_limit: ['must be less than or equal to 3'] },
      ],
      [
        { source_code: 'x', language_id: PYTHON, additional_files: 'x' },
        { additional_files: ['setting additional files is not allowed'] },
      ],
    ]) {
      const answer = await judge.post('/submissions?wait=true', submission);
      expect([answer.status, answer.body]).toEqual([422, errors]);
    }
    const long = await judge.run(`#${'x'.repeat(200_000)}`);
    expect(long.status).toBe(422);
    expect(long.body).toEqual({ source_code: [expect.stringContaining('200000')] });
    const fields = await judge.get<{ error: string }>('/submissions/x?fields=bogus');
    expect([fields.status, fields.body]).toEqual([400, { error: 'invalid fields: [bogus]' }]);
    for (const [method, path, status] of [
      ['GET', '/submissions', 403],
      ['GET', '/submissions/0b3b1a0f-0000-4000-8000-000000000000', 404],
      ['DELETE', '/submissions/x', 400],
      ['GET', '/system_info', 403],
      ['POST', '/authorize', 403],
      ['GET', '/languages/63', 404],
      ['POST', '/languages', 405],
      ['GET', '/submissions/batch', 400],
    ] as const) {
      const answer = await server.client.send<{ error: string }>({ method, path, headers: JSON_TYPE });
      expect([path, answer.status, Object.keys(answer.body)]).toEqual([path, status, ['error']]);
    }
  });

  it('takes numbers for texts, as they were sent', async () => {
    const send = async (json: string) =>
      (
        await server.client.send<Submission>({
          method: 'POST',
          path: '/submissions?wait=true',
          headers: JSON_TYPE,
          body: `{"language_id": 71, "source_code": "print(input())", ${json}}`,
        })
      ).body.status;
    expect(await send('"stdin": 1.0, "expected_output": "1.0"')).toMatchObject({ id: 3 });
    expect(
      await send('"stdin": "12345678901234567890", "expected_output": 12345678901234567890'),
    ).toMatchObject({
      id: 3,
    });
    expect(await send('"stdin": 1.0, "expected_output": 1')).toMatchObject({ id: 4 });
  });
});

describeBackends('Submissions of Judge0', (withRedis) => {
  const file = new KeysFile();
  const key = file.add('school');
  const other = file.add('other');
  let backend: JobBackend;
  let judge: Judge0;

  beforeAll(async () => {
    backend = await startBackend(withRedis, {
      INTERFACES: 'judge0',
      API_KEYS_FILE: file.path,
      MAX_QUEUED_EXECUTIONS: '8',
    });
    judge = new Judge0(backend.server, { 'X-Auth-Token': key });
  });

  afterAll(async () => {
    await backend.stop();
    file.dispose();
  });

  const submit = async (source: string, more: object = {}) => {
    const submission = { source_code: source, language_id: PYTHON, ...more };
    const { status, body } = await judge.post('/submissions', submission);
    expect([status, Object.keys(body)]).toEqual([201, ['token']]);
    return body.token;
  };

  it('run in the background, on the terms of interfaces, and are told by their tokens', async () => {
    const source = `import os\nprint(input())\n#${'x'.repeat(100_000)}`;
    const token = await submit(source, { stdin: 'a', expected_output: 'a' });
    const known = await judge.ended(token);
    expect(known).toMatchObject({
      token,
      source_code: source,
      language_id: PYTHON,
      stdin: 'a',
      expected_output: 'a',
      stdout: 'a\n',
      status: { id: 3 },
      exit_code: 0,
    });
    expect(known).toHaveProperty('finished_at', expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/));
    expect(backend.server.log).toContain('"interface":"judge0"');
  });

  it('are told as far as they have come', async () => {
    const token = await submit('import time\nprint("x", flush=True)\ntime.sleep(1)');
    const { body } = await judge.get(`/submissions/${token}`);
    expect([1, 2]).toContain(body.status.id);
    expect(body).toMatchObject({ token, stdout: null, time: null });
    expect((await judge.ended(token)).status.id).toBe(3);
  });

  it('come in batches, in which each has its own answer', async () => {
    const program = (n: number) => ({
      source_code: `print(${n})`,
      language_id: PYTHON,
      expected_output: '2',
    });
    const sent = await judge.post<{ token: string }[]>('/submissions/batch', {
      submissions: [program(1), { language_id: PYTHON }, program(2)],
    });
    expect(sent.status).toBe(201);
    expect(sent.body[1]).toEqual({ source_code: ["can't be blank"] });
    const tokens = [sent.body[0]?.token ?? '', sent.body[2]?.token ?? ''];
    for (const token of tokens) {
      await judge.ended(token);
    }
    const { body } = await judge.get<{ submissions: (Submission | null)[] }>(
      `/submissions/batch?tokens=${tokens.join(',')},${'0'.repeat(32)}&fields=stdout,status`,
    );
    expect(body.submissions).toEqual([
      { stdout: '1\n', status: { id: 4, description: 'Wrong Answer' } },
      { stdout: '2\n', status: { id: 3, description: 'Accepted' } },
      null,
    ]);
  });

  it('refuse batches that are too large, empty, or all wrong', async () => {
    const send = (submissions: unknown) => judge.post('/submissions/batch', { submissions });
    expect(await send(Array(21).fill({}))).toMatchObject({
      status: 400,
      body: { error: 'number of submissions in a batch should be less than or equal to 20' },
    });
    expect(await send([])).toMatchObject({ status: 400 });
    expect(await send([{}])).toMatchObject({ status: 422, body: [{ source_code: ["can't be blank"] }] });
  });

  it('are of who sent them only', async () => {
    const token = await submit('print(1)');
    await judge.ended(token);
    expect(
      (await new Judge0(backend.server, { 'X-Auth-Token': other }).get(`/submissions/${token}`)).status,
    ).toBe(404);
    expect((await new Judge0(backend.server).get(`/submissions/${token}`)).status).toBe(401);
    expect(
      (await new Judge0(backend.server, { 'X-RapidAPI-Key': key }).get(`/submissions/${token}`)).status,
    ).toBe(200);
  });

  it('are none of what our own API has started', async () => {
    const { body } = await backend.server.client.send<{ id: string }>({
      method: 'POST',
      path: '/executions',
      headers: { ...JSON_TYPE, 'X-API-Key': key },
      body: '{"script":"def main(): return 1"}',
    });
    expect((await judge.get(`/submissions/${body.id}`)).status).toBe(404);
  });

  it('say that the queue is full in the words of Judge0', async () => {
    const answers = await Promise.all(
      Array.from({ length: 30 }, () =>
        judge.post('/submissions', { source_code: 'import time\ntime.sleep(1)', language_id: PYTHON }),
      ),
    );
    const refused = answers.filter(({ status }) => status !== 201);
    expect(refused.length).toBeGreaterThan(0);
    for (const { status, body, headers } of refused) {
      expect([status, body]).toEqual([503, { error: 'queue is full' }]);
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    }
  });
});
