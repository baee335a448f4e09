import { ApiServer } from './harness/api-server';
import { describeCloud } from './harness/jail-support';
import { keyHeader, KeysFile } from './harness/keys-file';

const MIB = 1024 * 1024;
const PYTHON = 71;
const DEEP = `${'['.repeat(19_000)}${']'.repeat(19_000)}`;

type Headers = Readonly<Record<string, string>>;

describeCloud('What nobody should send to the interface of Judge0', () => {
  const file = new KeysFile();
  const mine = { 'X-Auth-Token': file.add('mine') };
  const others = { 'X-Auth-Token': file.add('others') };
  let server: ApiServer;

  beforeAll(async () => {
    server = await ApiServer.start({
      BUILD: 'cloud',
      INTERFACES: 'judge0',
      API_KEYS_FILE: file.path,
      SCRIPT_TIMEOUT: '3',
    });
  });

  // Whatever was sent: it goes on.
  afterEach(async () => {
    expect((await judge0('/submissions?wait=true&fields=stdout', program())).body).toEqual({ stdout: '1\n' });
  });

  afterAll(async () => {
    await server.stop();
    file.dispose();
  });

  const judge0 = <T = Readonly<Record<string, unknown>>>(
    path: string,
    body?: unknown,
    headers: Headers = mine,
  ) =>
    server.client.send<T>({
      method: body === undefined ? 'GET' : 'POST',
      path,
      headers: { 'Content-Type': 'application/json', ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  const program = (more: object = {}) => ({ source_code: 'print(1)', language_id: PYTHON, ...more });

  it.each([
    ['memory_limit', '-1', 'must be greater than 0'],
    ['memory_limit', '1e309', 'is not a number'],
    ['memory_limit', '"1e309"', 'is not a number'],
    ['memory_limit', '1', 'must be greater than or equal to 32768'],
    ['wall_time_limit', '-1e309', 'is not a number'],
    ['wall_time_limit', '1e300', 'must be less than or equal to 3'],
    ['number_of_runs', '1000000', 'must be less than or equal to 1'],
    ['stdin', DEEP, 'must be a text'],
    ['command_line_arguments', DEEP, expect.stringContaining('not allowed')],
    ['callback_url', '{"toString":1}', expect.stringContaining('not allowed')],
    ['additional_files', '"UEsDBA=="', 'setting additional files is not allowed'],
    ['language_id', '{"toString":1}', expect.stringContaining("doesn't exist here")],
  ])('refuses %s, case %#', async (name, json, message) => {
    const text = `{"source_code":"print(1)","language_id":71,"${name}":${json}}`;
    for (const query of ['?wait=true', '']) {
      const { status, body } = await judge0(`/submissions${query}`, text);
      expect({ status, body }).toEqual({ status: 422, body: { [name]: [message] } });
    }
  });

  it('refuses what nests deeper than it reads', async () => {
    const { status, body } = await judge0('/submissions', `{"x":${'['.repeat(30_000)}`);
    expect({ status, body }).toEqual({
      status: 400,
      body: { error: expect.stringMatching(/more than 20000 lists/) as string },
    });
  });

  it('refuses a batch of 1,000, sent or asked for', async () => {
    const most = 'number of submissions in a batch should be less than or equal to 20';
    const sent = await judge0('/submissions/batch', { submissions: Array(1_000).fill(program()) });
    expect([sent.status, sent.body]).toEqual([400, { error: most }]);
    const asked = await judge0(`/submissions/batch?tokens=${Array(1_000).fill('x').join(',')}`);
    expect([asked.status, asked.body]).toEqual([400, { error: most }]);
    // Of whole tokens they are more than any line of a request may be: nothing is read of it.
    const tokens = Array(1_000).fill('0b3b1a0f-0000-4000-8000-000000000000').join(',');
    const long = await judge0(`/submissions/batch?tokens=${tokens}`);
    expect(long.status).toBe(431);
    expect(long.body['error']).toMatch(/^The URL and the headers of the request have more than \d+ bytes/);
  });

  it('takes MBs of expected output and standard input at once, and refuses to keep them', async () => {
    const long = 'y'.repeat(2 * MIB);
    const source = 'import sys\nprint(len(sys.stdin.read()))';
    const judged = await judge0<{ status: { id: number }; stdout: string }>(
      '/submissions?wait=true&fields=status,stdout',
      { source_code: source, language_id: PYTHON, stdin: long, expected_output: long },
    );
    expect(judged.body).toEqual({
      status: { id: 4, description: 'Wrong Answer' },
      stdout: `${long.length}\n`,
    });
    for (const name of ['stdin', 'expected_output']) {
      const { status, body } = await judge0('/submissions', program({ [name]: long }));
      expect({ status, body }).toEqual({
        status: 413,
        body: { error: expect.stringMatching(/takes \d+ bytes, the limit is \d+: send less$/) as string },
      });
    }
    const batch = await judge0<object[]>('/submissions/batch', {
      submissions: [program({ expected_output: long }), program()],
    });
    expect(batch.status).toBe(201);
    expect(batch.body).toEqual([
      { error: expect.stringContaining('send less') as string },
      { token: expect.any(String) as string },
    ]);
    const beyond = await judge0('/submissions?wait=true', program({ stdin: 'x'.repeat(24 * MIB) }));
    expect([beyond.status, Object.keys(beyond.body)]).toEqual([413, ['error']]);
  });

  it('knows nothing of a submission to anybody else, in whatever way they ask', async () => {
    const { body } = await judge0<{ token: string }>('/submissions', program());
    const { token } = body;
    const bare = token.replaceAll('-', '');
    for (const path of [
      token,
      bare,
      token.toUpperCase(),
      `${token}?fields=*`,
      `${token}?base64_encoded=true`,
    ]) {
      const known = await judge0(`/submissions/${path}`);
      const unknown = await judge0(`/submissions/${path}`, undefined, others);
      expect([path, known.status, unknown.status]).toEqual([path, 200, 404]);
      const nobodys = await judge0(`/submissions/${path.replace(/^.{8}/, '00000000')}`, undefined, others);
      // The message, too, is that of a submission that does not exist.
      expect(unknown.body).toEqual(nobodys.body);
    }
    const batch = await judge0(`/submissions/batch?tokens=${token},${bare}`, undefined, others);
    expect([batch.status, batch.body]).toEqual([200, { submissions: [null, null] }]);
    const elsewhere = keyHeader(others['X-Auth-Token']);
    for (const path of [`/executions/${bare}`, `/executions/${bare}/events`]) {
      expect([path, (await judge0(path, undefined, elsewhere)).status]).toEqual([path, 404]);
    }
    const removed = await server.client.send({
      method: 'DELETE',
      path: `/executions/${bare}`,
      headers: elsewhere,
    });
    expect(removed.status).toBe(404);
    expect((await judge0(`/submissions/${token}`)).status).toBe(200);
  });

  it.each([
    ['/submissions?status_id=3&page=1&per_page=1000', 403],
    ['/submissions/?page=1', 403],
    ['/submissions/x', 404],
    ['/submissions/..%2f..%2fabout', 404],
    [`/submissions/${'0'.repeat(5_000)}`, 404],
    ['/submissions/%00', 404],
    ['/submissions/%E0%A4%A', 400],
    ['/submissions/x?fields=__proto__', 400],
    [`/submissions/x?fields=${'status_id,'.repeat(1_000)}y`, 400],
    ['/submissions/batch?tokens=a&tokens=b', 400],
    ['/submissions/batch?tokens[]=a', 400],
    ['/languages/__proto__', 404],
    ['/languages/71e0', 404],
    ['/languages/1e309', 404],
  ])('answers GET in its form, case %#', async (path, status) => {
    const answer = await judge0(path);
    expect({ status: answer.status, body: answer.body }).toEqual({
      status,
      body: { error: expect.any(String) as string },
    });
  });

  it('refuses two keys, in one header or in two, and a wrong one', async () => {
    const key = mine['X-Auth-Token'];
    for (const headers of [
      { 'X-Auth-Token': key, 'X-RapidAPI-Key': key },
      { 'X-Auth-Token': key, 'X-API-Key': others['X-Auth-Token'] },
      { 'X-RapidAPI-Key': key, Authorization: `Bearer ${key}` },
      { 'X-Auth-Token': `${key}, ${key}` },
      { 'X-Auth-Token': 'pycell_wrong' },
    ] as readonly Headers[]) {
      const { status, body } = await judge0('/submissions?wait=true', program(), headers);
      expect({ status, body }).toEqual({ status: 401, body: { error: expect.any(String) as string } });
    }
  });
});
