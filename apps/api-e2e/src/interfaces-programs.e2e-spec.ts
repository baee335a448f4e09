import { ApiServer } from './harness/api-server';
import { describeCloud } from './harness/jail-support';
import { describeBackends, startBackend } from './harness/job-backends';
import { Judge0, PYTHON } from './harness/judge0-client';

/** Nothing here is about time: a first import of matplotlib may take long on a busy machine. */
const PATIENT = { SCRIPT_TIMEOUT: '60' };
const ALL_OF_IT = { wall_time_limit: 60, cpu_time_limit: 60, memory_limit: 512_000 };
const JSON_TYPE = { 'Content-Type': 'application/json' };

/**
 * Programs that come to their end, and leave what answers of our own API would tell: it takes time and memory to tell it, or
 * cannot be told. Each prints `ok` last.
 */
const LEAVING = {
  'a value that needs more memory than the program may have': `text = 'é' * 150_000_000\nprint('ok')\ntext`,
  'a value whose members print when they are asked':
    "class Row(dict):\n    def items(self):\n        print('asked')\n        return super().items()\nprint('ok')\nRow(a=1)",
  'a value that is no JSON': "print('ok')\n(print(n) for n in range(3))",
  'a figure that cannot be drawn':
    "import matplotlib.pyplot as plt\nplt.title(r'price $\\foo{x$')\nprint('ok')",
  'a figure that needs more memory to be drawn':
    "import matplotlib.pyplot as plt\nplt.subplots(figsize=(400, 400))\nprint('ok')",
  'files that are larger than artifacts may be':
    "open('output/rows.csv', 'wb').write(bytes(9_000_000))\nprint('ok')",
  'more files than there may be':
    "for n in range(100):\n    open(f'output/{n}', 'w').close()\nprint('ok')\nn",
} as const;

/** What a program finds that others have left, in its folder and beside it. */
const LOOKS_AROUND =
  "import os\nprint(os.listdir('.'), os.listdir('output'), sorted(set(os.listdir('/tmp')) - {'work'}), os.listdir('/dev/shm'))";

describe.each([
  ['in a warm jail', {}],
  ['in a jail for each run', { JAIL_PER_RUN: 'true' }],
])('Programs of other services %s', (_where, environment) => {
  describeCloud('are judged by what they print and how they end', () => {
    let server: ApiServer;
    let judge: Judge0;

    beforeAll(async () => {
      server = await ApiServer.start({
        BUILD: 'cloud',
        INTERFACES: 'dify,piston,judge0',
        ...PATIENT,
        ...environment,
      });
      judge = new Judge0(server);
    });

    afterAll(() => server.stop());

    const post = async <T>(path: string, body: object): Promise<T> =>
      (await server.client.send<T>({ method: 'POST', path, headers: JSON_TYPE, body: JSON.stringify(body) }))
        .body;

    it.each(Object.entries(LEAVING))('whatever they leave: %s', async (_what, source) => {
      const { body } = await judge.run(source, { expected_output: 'ok', ...ALL_OF_IT });
      expect(body).toMatchObject({ status: { id: 3 }, stdout: 'ok\n', stderr: null });
      expect(await post('/v1/sandbox/run', { language: 'python3', code: source, preload: '' })).toMatchObject(
        {
          code: 0,
          data: { stdout: 'ok\n', stderr: '', error: '', exit_code: 0 },
        },
      );
      const files = [{ name: 'main.py', content: source }];
      expect(
        await post('/api/v2/execute', {
          language: 'python',
          version: '*',
          files,
        }),
      ).toMatchObject({ run: { code: 0, signal: null, output: 'ok\n' } });
    });

    it('which are theirs still', async () => {
      expect((await judge.run('print(1)\n1 / 0')).body).toMatchObject({ status: { id: 11 }, stdout: '1\n' });
      expect((await judge.run('x = bytearray(1 << 29)\nx')).body.status.id).toBe(12);
      const stopped = await judge.run('while True: pass', { wall_time_limit: 0.3 });
      expect(stopped.body.status.id).toBe(5);
    });

    it('and leave nothing behind of what nobody has asked for', async () => {
      const leaves =
        "import os\nfor place in ('a', 'output/a', '/tmp/a', '/dev/shm/a'):\n    open(place, 'wb').write(bytes(200_000))\nos.makedirs('output/b/c')\nprint('ok')";
      const { body: before } = await judge.run(LOOKS_AROUND);
      for (let n = 0; n < 3; n++) {
        expect((await judge.run(leaves)).body).toMatchObject({ status: { id: 3 }, stdout: 'ok\n' });
        expect((await judge.run(LOOKS_AROUND)).body.stdout).toBe(before.stdout);
      }
    });

    it('with each warning of the compiler once, and its line', async () => {
      const warned = "import re\nprint(re.findall('\\d', 'a1'))\nprint(1 is 1)";
      const { body } = await judge.run(warned, { redirect_stderr_to_stdout: true });
      expect(body.stdout?.match(/^script\.py:2: .*Warning: /gm)?.length ?? 0).toBeLessThanOrEqual(1);
      expect(body.stdout?.match(/^script\.py:3: SyntaxWarning: .*\n {2}print\(1 is 1\)$/gm)).toHaveLength(1);
    });

    it('but for those of our own API, which names no manner', async () => {
      const own = (more: object): Promise<object> =>
        post('/execute', { script: 'print("ok")\n[1]', mode: 'script', ...more });
      expect(await own({})).toMatchObject({ result: [1], stdout: 'ok\n' });
      expect(await own({ manner: 'program' })).toMatchObject({ code: 'INVALID_REQUEST' });
      expect(await own({ mode: 'program' })).toMatchObject({ code: 'INVALID_REQUEST' });
      const warned = await own({ script: '[1 is 1]' });
      expect((warned as { stderr: string }).stderr.match(/SyntaxWarning/g)).toHaveLength(1);
    });
  });
});

describeBackends('Programs that wait', (withRedis) => {
  it('are judged so, too', async () => {
    const backend = await startBackend(withRedis, { INTERFACES: 'judge0', ...PATIENT });
    try {
      const judge = new Judge0(backend.server);
      const wanted = { language_id: PYTHON, expected_output: 'ok', ...ALL_OF_IT };
      const submissions = Object.values(LEAVING).map((source) => ({ source_code: source, ...wanted }));
      const { body } = await judge.post<{ token: string }[]>('/submissions/batch', { submissions });
      const ended = await Promise.all(body.map(({ token }) => judge.ended(token)));
      expect(ended.map(({ stdout, status }) => [stdout, status.description])).toEqual(
        submissions.map(() => ['ok\n', 'Accepted']),
      );
    } finally {
      await backend.stop();
    }
  });
});
