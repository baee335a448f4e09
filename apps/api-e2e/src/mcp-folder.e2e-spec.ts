import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiServer } from './harness/api-server';
import { eventually } from './harness/eventually';
import { describeCloud } from './harness/jail-support';
import { McpClient } from './harness/mcp-client';

const SECRET = 'of-another-folder';
const scriptOf = (docstring: string): string => `"""${docstring}"""\ndef main():\n    return 1\n`;

describeCloud('A folder of tools that somebody else can write to', () => {
  let root: string;
  let folder: string;
  let server: ApiServer;
  let mcp: McpClient;
  let files = 0;

  /** Puts a file, or whatever `make` makes, in the place of another one in one step. */
  const put = (name: string, make: string | ((path: string) => void)): void => {
    const path = join(root, `next-${files++}`);
    if (typeof make === 'string') {
      writeFileSync(path, make);
    } else {
      make(path);
    }
    renameSync(path, join(folder, name));
  };
  const names = async () => (await mcp.tools()).map(({ name }) => name);
  const untilNames = (isSo: (found: readonly string[]) => boolean) =>
    eventually(names, isSo, server.patienceMs(10_000));
  const untilTold = (text: RegExp) =>
    eventually(
      () => server.logRecords.some(({ msg }) => text.test(String(msg))),
      (isTold) => isTold,
      server.patienceMs(10_000),
    );

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'pycell-folder-'));
    folder = join(root, 'tools');
    mkdirSync(folder);
    writeFileSync(join(root, 'secret.py'), scriptOf(SECRET));
    put('steady.py', scriptOf('Is there.'));
    server = await ApiServer.start({ BUILD: 'cloud', INTERFACES: 'mcp', MCP_TOOLS: folder });
    mcp = new McpClient(server.client);
    await untilNames((found) => found.includes('steady'));
  });

  afterAll(async () => {
    await server.stop();
    rmSync(root, { recursive: true });
  });

  it('shows nothing of what links lead to, however often they take the place of a file', async () => {
    const end = Date.now() + 6_000;
    while (Date.now() < end) {
      put('swapped.py', scriptOf(`Is a file, ${files}.`));
      await delay(files % 40);
      put('swapped.py', (path) => symlinkSync(join(root, 'secret.py'), path));
      const [described, called] = await Promise.all([mcp.tools(), mcp.call('swapped', '{}')]);
      expect(JSON.stringify(described)).not.toContain(SECRET);
      expect([1, undefined]).toContain(called.body.result?.structuredContent.result);
    }
    await untilNames((found) => !found.includes('swapped'));
    await untilTold(/swapped\.py is left out: it is a symbolic link/);
    expect(server.log).not.toContain(SECRET);
  }, 60_000);

  it('waits for nothing that is no file', async () => {
    put('pipe.py', (path) => execFileSync('mkfifo', [path]));
    put('deep.py', (path) => mkdirSync(path));
    await untilTold(/pipe\.py is left out: it is no regular file/);
    await untilTold(/deep\.py is left out: it is no regular file/);
    put('after.py', scriptOf('Comes after them.'));
    await untilNames((found) => found.includes('after'));
  }, 60_000);

  it('has no tool in the place of one of the service, nor by nearly its name', async () => {
    put('run_python.py', scriptOf(SECRET));
    put('Validate_Python.py', scriptOf(SECRET));
    await untilTold(/\/run_python\.py is left out: run_python is a tool of the service/);
    await untilTold(/\/Validate_Python\.py is left out: validate_python is a tool of the service/);
    expect((await names()).filter((name) => /python/i.test(name))).toEqual(['run_python', 'validate_python']);
    expect((await mcp.run('1 + 1')).structuredContent.result).toBe(2);
  }, 60_000);

  it('leaves out docstrings of a megabyte, and those that only just fit into a script', async () => {
    put('megabyte.py', scriptOf('x'.repeat(1024 * 1024)));
    put('long.py', scriptOf('x'.repeat(199_000)));
    await untilTold(/megabyte\.py is left out: it has 10\d+ bytes, a script has at most 200000/);
    await untilTold(/long\.py is left out: its docstring has 199000 characters, the limit is 8000/);
    expect((await mcp.request('tools/list')).text.length).toBeLessThan(50_000);
  }, 60_000);

  it('has parameters of any name', async () => {
    put(
      'odd.py',
      '"""Is odd."""\ndef main(__proto__: int = 1, constructor: str = ""):\n    return __proto__\n',
    );
    await untilNames((found) => found.includes('odd'));
    const { text } = await mcp.request('tools/list');
    expect(text).toContain('"__proto__":{"type":"integer","default":1}');
    const { body } = await mcp.call('odd', '{"__proto__": 7}');
    expect(body.result?.structuredContent.result).toBe(7);
  }, 60_000);

  it('is not read any more with 10,000 files, and answers as before', async () => {
    for (let n = 0; n < 10_000; n++) {
      writeFileSync(join(folder, `t${n}.py`), '');
    }
    await untilTold(/the folder has more than 1000 files: there are no tools of it/);
    await untilNames((found) => found.join() === 'run_python,validate_python');
    expect((await mcp.run('1 + 1')).structuredContent.result).toBe(2);
    for (let n = 0; n < 10_000; n++) {
      rmSync(join(folder, `t${n}.py`));
    }
    await untilNames((found) => found.includes('steady'));
    await untilTold(/MCP_TOOLS: .* is read now/);
  }, 120_000);
});
