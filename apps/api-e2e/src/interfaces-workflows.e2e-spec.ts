import { ApiServer } from './harness/api-server';
import { describeCloud } from './harness/jail-support';
import { keyHeader, KeysFile } from './harness/keys-file';

interface DifyBody {
  readonly code: number;
  readonly message: string;
  readonly data: { readonly stdout: string; readonly error: string } | null;
}
interface RagflowBody {
  readonly status: string;
  readonly stderr: string;
  readonly result: { readonly value: unknown } | null;
  readonly artifacts: readonly { readonly name: string; readonly content_b64: string }[];
}

const JSON_TYPE = { 'Content-Type': 'application/json' };
/** The lines that are named, in whatever words. */
const linesIn = (text: string): readonly string[] =>
  Array.from(text.matchAll(/\b(?:line |script\.py:)(\d+)/gi), ([, line = '']) => line);

describeCloud('What stands in front of scripts of workflows', () => {
  const file = new KeysFile();
  const keys = { plain: file.add('plain'), strict: file.add('strict', { policy: 'enforce' }) };
  let server: ApiServer;

  beforeAll(async () => {
    server = await ApiServer.start({
      BUILD: 'cloud',
      INTERFACES: 'dify,ragflow',
      API_KEYS_FILE: file.path,
    });
  });
  afterAll(async () => {
    await server.stop();
    file.dispose();
  });

  async function post<T>(path: string, body: object, key = keys.plain): Promise<T> {
    const headers = { ...JSON_TYPE, ...keyHeader(key) };
    return (await server.client.send<T>({ method: 'POST', path, headers, body: JSON.stringify(body) })).body;
  }

  describe("RAGFlow's artifacts/", () => {
    const run = (code: string, given: object = {}, key = keys.plain): Promise<RagflowBody> =>
      post(
        '/run',
        { code_b64: Buffer.from(code).toString('base64'), language: 'python', arguments: given },
        key,
      );

    it('is there, also for who makes it or is told of it, and what lies in it comes back', async () => {
      const made = await run(
        `
import os
def main(path):
    os.makedirs("artifacts", exist_ok=True)
    os.makedirs(os.path.join(os.getcwd(), "artifacts"), exist_ok=True)
    with open("artifacts/a.csv", "w") as file:
        file.write("a")
    with open(path, "w") as file:
        file.write("b")
    return sorted(os.listdir("artifacts"))
`,
        { path: 'artifacts/b.csv' },
      );
      expect(made).toMatchObject({ status: 'success', result: { value: ['a.csv', 'b.csv'] } });
      expect(made.artifacts.map(({ name, content_b64 }) => [name, content_b64])).toEqual([
        ['a.csv', 'YQ=='],
        ['b.csv', 'Yg=='],
      ]);
      const named = await run('def main(path):\n    open(path, "w").write("c")', { path: 'artifacts/c.csv' });
      expect(named.artifacts.map(({ name }) => name)).toEqual(['c.csv']);
    });

    it('leaves nothing else behind in the script, nor in its lines', async () => {
      const script = '"""artifacts"""\ndef main():\n    return [__doc__, "os" in globals()]\n';
      expect((await run(script)).result).toMatchObject({ value: ['artifacts', false] });
      for (const [code, lines] of [
        ['# artifacts\ndef main():\n    raise ValueError("no")', ['3']],
        ['"""artifacts"""\ndef main():\n    raise ValueError("no")', ['3']],
        ['\uFEFF"""artifacts"""\r\ndef main():\r\n    raise ValueError("no")', ['3']],
        ['# artifacts\ndef main():\n    return (', ['3']],
        ['# artifacts\nimport sys\nsys.exit("x")\n', ['3']],
        ['# artifacts\nclass A:\n    def main(self): pass\n', ['3']],
        ['# artifacts\nimport warnings\nwarnings.warn("soon")\ndef main():\n    return 1 / 0', ['3', '5']],
      ] as const) {
        const failed = await run(code);
        expect([code, failed.status, linesIn(failed.stderr)]).toEqual([code, 'program_error', lines]);
      }
    });

    it('is not there for a key with a policy of its own, which would judge it', async () => {
      const { status, stderr } = await run(
        'from pathlib import Path\ndef main():\n    Path("artifacts/a").write_text("x")',
        {},
        keys.strict,
      );
      expect({ status, stderr }).toEqual({
        status: 'program_error',
        stderr: expect.stringMatching(/FileNotFoundError/) as string,
      });
    });
  });

  describe("Dify's preload", () => {
    const run = (code: string, preload: unknown, key = keys.plain): Promise<DifyBody> =>
      post('/v1/sandbox/run', { language: 'python3', code, preload, enable_network: true }, key);

    it.each([
      ['as it is', (text: string) => text],
      ['in base64', (text: string) => Buffer.from(text).toString('base64')],
    ])('runs in front of the code, in its namespace, %s', async (_name, form) => {
      const preload = form('from __future__ import annotations\nimport math\nname = "é"\nprint("first")\n');
      const { data } = await run('print(math.floor(2.5), name, __name__)', preload);
      expect(data).toMatchObject({ stdout: 'first\n2 é __main__\n', error: '' });
    });

    it('leaves the lines of the code, its text on itself and its imports of the future what they are', async () => {
      const failed = await run('x = 1\nraise ValueError("no")', 'import math\n\n\nimport json\n');
      expect(linesIn(failed.data?.error ?? '')).toEqual(['2']);
      const code = '"""Doc."""\nfrom __future__ import annotations\nprint(__doc__, math.pi > 3)\n';
      expect((await run(code, 'import math')).data).toMatchObject({ stdout: 'Doc. True\n', error: '' });
    });

    it('is named where it fails', async () => {
      const { data } = await run('print("code")', 'x = 1\nimport no_such_module_anywhere');
      expect(data?.stdout).toBe('');
      expect(data?.error).toMatch(/File "preload\.py", line 2[^]*no_such_module_anywhere/);
      expect(data?.error).not.toContain('script.py');
    });

    it('is refused where it cannot run, in words of Dify', async () => {
      const refused = { code: -400, data: null };
      expect(await run('print(1)', 5)).toMatchObject({
        ...refused,
        message: expect.stringMatching(/^preload must be/) as string,
      });
      expect(await run('print(1)', 'import math', keys.strict)).toMatchObject({
        ...refused,
        message: expect.stringMatching(/^preload is not run for a key/) as string,
      });
      expect((await run('print(1)', '', keys.strict)).data?.stdout).toBe('1\n');
    });
  });
});
