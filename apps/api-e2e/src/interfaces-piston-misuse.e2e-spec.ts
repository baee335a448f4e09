import { ApiServer } from './harness/api-server';
import { describeCloud } from './harness/jail-support';
import { KeysFile } from './harness/keys-file';

const MIB = 1024 * 1024;
const DEEP = `${'['.repeat(19_000)}${']'.repeat(19_000)}`;

type Headers = Readonly<Record<string, string>>;

describeCloud('What nobody should send to the interface of Piston', () => {
  const file = new KeysFile();
  const key = file.add('mine');
  file.add('anybody');
  let server: ApiServer;

  beforeAll(async () => {
    server = await ApiServer.start({
      BUILD: 'cloud',
      INTERFACES: 'piston',
      INTERFACE_KEYS: 'piston=anybody',
      API_KEYS_FILE: file.path,
      MAX_FILES: '8',
      SCRIPT_TIMEOUT: '3',
    });
  });

  // Whatever was sent: it goes on.
  afterEach(async () => {
    expect((await piston(bodyOf('print(6 * 7)'))).body.run?.stdout).toBe('42\n');
  });

  afterAll(async () => {
    await server.stop();
    file.dispose();
  });

  const bodyOf = (content: string, more: object = {}) => ({
    language: 'python',
    version: '*',
    files: [{ content }],
    ...more,
  });
  const piston = (body: unknown, headers: Headers = { 'Content-Type': 'application/json' }) =>
    server.client.send<{ message?: string; run?: { stdout: string; stderr: string } }>({
      method: 'POST',
      path: '/api/v2/execute',
      headers,
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const refused = async (body: unknown, status: number, message: RegExp): Promise<void> => {
    const answer = await piston(body);
    expect({ status: answer.status, body: answer.body }).toEqual({
      status,
      body: { message: expect.stringMatching(message) as string },
    });
  };
  const files = (...names: string[]) => ({
    files: [{ content: 'print(1)' }, ...names.map((name) => ({ name, content: 'x' }))],
  });

  it.each([
    ['..', '../a', /^The name of file 1 is "\.\.\/a", it must have no steps \. and \.\.$/],
    ['a step inside', 'a/../../b', /it must have no steps/],
    ['an absolute one', '/etc/passwd', /it must be relative/],
    ['a folder', 'a/', /no \/ at its end/],
    ['NUL', 'a\0b', /no control characters/],
    ['a line break', 'a\nb', /no control characters/],
    ['the folder for output', 'output', /folder for what a script leaves/],
    ['a long one', 'x'.repeat(70_000), /the limit is \d+$/],
    ['half of a pair', '\ud800', /must be valid Unicode/],
  ])('refuses names of files: %s', (_name, name, message) => refused(bodyOf('', files(name)), 400, message));

  it('refuses names that are there twice, or need a folder where a file is', async () => {
    await refused(bodyOf('', files('a', 'a')), 400, /files\[1\]\.name is "a", as that of files\[0\]/);
    await refused(bodyOf('', files('a', 'a/b')), 400, /needs a folder where files\[0\] is a file/);
  });

  it('refuses more files than there may be, and what is larger than they may be', async () => {
    const many = Array.from({ length: 9 }, (_one, n) => `f${n}`);
    await refused(bodyOf('', files(...many)), 400, /^There are 9 files, the limit is 8 \(MAX_FILES\)$/);
    const crowd = Array.from({ length: 5_000 }, () => ({ content: '' }));
    await refused(bodyOf('', { files: crowd }), 400, /^There are 4999 files/);
    await refused(bodyOf('', { files: Array(50_000).fill(0) }), 400, /more than 20000 lists/);
    await refused(bodyOf('', { stdin: 'x'.repeat(24 * MIB) }), 413, /larger than the limit of \d+ bytes/);
  });

  it('makes no links, whatever a file is said to be', async () => {
    const link = { name: 'l', content: '/etc/passwd', type: 'symlink', link: '/etc', mode: 0o120777 };
    const script = 'import os\nprint(os.path.islink("l"), open("l").read())';
    const { body } = await piston(bodyOf('', { files: [{ content: script }, link] }));
    expect(body.run).toMatchObject({ stdout: 'False /etc/passwd\n', stderr: '' });
  });

  it('takes MBs of standard input and of base64, and refuses what is none', async () => {
    const long = await piston(
      bodyOf('import sys\nprint(len(sys.stdin.read()))', { stdin: 'x'.repeat(5 * MIB) }),
    );
    expect(long.body.run?.stdout).toBe(`${5 * MIB + 1}\n`);
    const hex = { name: 'h', content: 'ab'.repeat(3 * MIB), encoding: 'hex' };
    const decoded = await piston(
      bodyOf('', { files: [{ content: 'import os\nprint(os.stat("h").st_size)' }, hex] }),
    );
    expect(decoded.body.run?.stdout).toBe(`${3 * MIB}\n`);
    for (const encoding of ['hex', 'base64']) {
      const bad = { name: 'b', content: `${'ab'.repeat(3 * MIB)}!`, encoding };
      await refused(
        bodyOf('', { files: [{ content: '1' }, bad] }),
        400,
        new RegExp(`content is not ${encoding}`),
      );
    }
  });

  it.each([
    ['run_memory_limit', '1e309', /^run_memory_limit cannot exceed the configured limit of \d+$/],
    ['run_memory_limit', '-2', /^run_memory_limit must be non-negative$/],
    ['run_memory_limit', '1', /^run_memory_limit cannot be less than \d+ here$/],
    ['run_timeout', '1e309', /^run_timeout cannot exceed the configured limit of 3000$/],
    ['run_timeout', '-1e309', /^run_timeout must be non-negative$/],
    ['run_cpu_time', DEEP, /^If specified, run_cpu_time must be a number$/],
    ['args', DEEP, /^If specified, args must be an array of strings$/],
    ['stdin', DEEP, /^If specified, stdin must be a string$/],
    ['language', '{"toString":1}', /^language is required as a string$/],
    ['unknown', '['.repeat(30_000), /more than 20000 lists/],
  ])('refuses %s, case %#', (name, json, message) =>
    refused(`{"language":"python","version":"*","files":[{"content":"1"}],"${name}":${json}}`, 400, message),
  );

  it('takes text/plain of programs, as piston-client sends it, and not of pages', async () => {
    const plain = { 'Content-Type': 'text/plain;charset=UTF-8' };
    expect((await piston(bodyOf('print(1)'), plain)).body.run?.stdout).toBe('1\n');
    for (const [type, more, refused] of [
      ['text/plain', { Origin: 'https://evil.example' }, 403],
      ['text/plain', { Origin: 'null' }, 403],
      ['text/plain', { 'Sec-Fetch-Site': 'same-origin' }, 415],
      ['application/x-www-form-urlencoded', {}, 415],
    ] as const) {
      const { status, body } = await piston(bodyOf('print(1)'), { 'Content-Type': type, ...more });
      expect([status, Object.keys(body)]).toEqual([refused, ['message']]);
    }
  });

  it('refuses two keys, and a wrong one where none is needed', async () => {
    for (const headers of [
      { 'X-API-Key': key, Authorization: `Bearer ${key}` },
      { 'X-API-Key': 'pycell_wrong' },
    ]) {
      const { status, body } = await piston(bodyOf('print(1)'), {
        'Content-Type': 'application/json',
        ...headers,
      });
      expect([status, Object.keys(body)]).toEqual([401, ['message']]);
    }
  });
});
