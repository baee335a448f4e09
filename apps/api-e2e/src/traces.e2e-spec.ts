import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiServer, INSTALLATION } from './harness/api-server';
import { eventually } from './harness/eventually';
import { describeEachBuild } from './harness/jail-support';

const MARKER = 'zebra7431';
const SECRET = 'hunter2-e2e-secret';

/** Path, size and kind of everything below the folders that a server could be tempted to write to. */
function listing(): string[] {
  return ['apps/runner', 'dist', '.pycell'].flatMap((folder) => {
    const root = join(INSTALLATION, folder);
    return (
      readdirSync(root, { recursive: true })
        .map((name) => join(root, String(name)))
        // Made beside the sandbox root by the suite of renewal, which may run at the same time.
        .filter((path) => !path.includes('/sandbox-renewal-'))
        .map((path) => `${path} ${statSync(path).isFile() ? statSync(path).size : 'folder'}`)
    );
  });
}

describeEachBuild('What a run leaves behind', (build) => {
  let folder: string;
  let server: ApiServer;
  let before: string[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pycell-e2e-'));
    before = listing();
    server = await ApiServer.start({ BUILD: build, TMPDIR: folder, SECRET, SCRIPT_TIMEOUT: '2' });
  });

  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The records that the log has gained for executions since `from`. */
  async function newRecords(from: number): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const records = (): readonly Readonly<Record<string, unknown>>[] =>
      server.logRecords.slice(from).filter(({ msg }) => msg === 'execution');
    return eventually(records, (found) => found.length > 0, 2000);
  }

  it('is one line of JSON in the log, with outcome, sizes and times', async () => {
    const from = server.logRecords.length;
    const answer = await server.client.execute('def main():\n    print("123")\n    return "four"');
    const records = await newRecords(from);
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({
      outcome: 'OK',
      resultBytes: 6,
      stdoutChars: 4,
      stderrChars: 0,
      execution: answer.body.execution,
      requestId: answer.headers['x-request-id'],
    });
  });

  it.each([
    ['SCRIPT_ERROR', 'def main():\n    return 1 / 0'],
    ['TIMEOUT', 'while True: pass\ndef main(): pass'],
    ['POLICY_VIOLATION', 'import os\ndef main(): pass'],
    ['SYNTAX_ERROR', 'def main(:'],
  ])('is one line in the log for %s', async (code, script) => {
    const from = server.logRecords.length;
    expect((await server.client.execute(script)).body.code).toBe(code);
    const records = await newRecords(from);
    expect(records.map(({ outcome }) => outcome)).toEqual([code]);
  });

  it('is never the script, its result, its output or its error in the log', async () => {
    const scripts = [
      `def main():\n    print("${MARKER}")\n    return "${MARKER}"`,
      `def main():\n    raise ValueError("${MARKER}")`,
      `import os  # ${MARKER}\ndef main(): pass`,
      `${MARKER} = (\ndef main(): pass`,
      `import logging\ndef main():\n    logging.warning("${MARKER}")\n    return print`,
      `import ctypes\ndef main():\n    print("${MARKER}")\n    ctypes.string_at(0)`,
    ];
    for (const script of scripts) {
      await server.client.execute(script);
    }
    await server.client.postRaw(`{"script": "${MARKER}", "${MARKER}": 1`);
    await server.client.postRaw(JSON.stringify({ script: `# ${MARKER}`.repeat(5000) }));
    expect(server.log).not.toContain(MARKER);
  });

  it('is no file in the temporary folder of the host', async () => {
    await server.client.execute('import pathlib\ndef main():\n    pathlib.Path("left.txt").write_text("x")');
    await server.client.execute(
      'import pathlib\ndef main():\n    pathlib.Path("t").mkdir()\n    raise ValueError',
    );
    await server.client.execute(
      'import pathlib\ndef main():\n    pathlib.Path("u").mkdir()\n    while True: pass',
    );
    // The runtime's own folder holds its sockets, and in local mode the folders of runs that wait.
    const isOurs = (path: string): boolean =>
      /^pycell-runtime-[^/]+(\/(bare|packages|figures|run-\d+(\/output)?))?$/.test(path);
    await eventually(
      () => readdirSync(folder, { recursive: true }).map(String),
      (left) => left.every(isOurs),
      1000,
    );
  });

  it('is no file in the installation, compiled modules included', () => {
    expect(listing()).toEqual(before);
  });

  it('cannot be read by the next run', async () => {
    const folders = build === 'cloud' ? '(".", "/tmp", "/dev/shm")' : '(".",)';
    const write = `import pathlib\ndef main():\n    for d in ${folders}: pathlib.Path(d, "left.txt").write_text("x")`;
    const read = `import pathlib\ndef main():\n    return [str(p) for d in ${folders} for p in pathlib.Path(d).iterdir()]`;
    expect((await server.client.execute(write)).status).toBe(200);
    const own = build === 'cloud' ? ['output', '/tmp/work'] : ['output'];
    expect((await server.client.execute(read)).body.result).toEqual(own);
  });

  it('never holds a secret: the environment of the service is not in that of the script', async () => {
    const script = [
      'import ctypes, posix, pathlib',
      'def main():',
      '    found = []',
      '    for path in ("/proc/self/environ", "/proc/1/environ"):',
      '        try:',
      '            found.append(pathlib.Path(path).read_bytes().decode("latin-1"))',
      '        except OSError:',
      '            pass',
      '    libc = ctypes.CDLL(None)',
      '    libc.getenv.restype = ctypes.c_char_p',
      '    return [dict(posix.environ), libc.getenv(b"SECRET"), found]',
    ].join('\n');
    const answer = await server.client.execute(script);
    expect(answer.status).toBe(200);
    const [environment, secret, files] = answer.body.result as [unknown, unknown, string[]];
    expect(secret).toBeNull();
    // Local mode has no /tmp of its own: temporary files must find the run's folder.
    const own = expect.stringMatching(/pycell-runtime-.*run-\d+/) as string;
    const expected = build === 'cloud' ? { HOME: '/tmp' } : { HOME: own, TMPDIR: own };
    expect(environment).toEqual({ ...expected, USER: 'sandbox' });
    if (build === 'cloud') {
      expect(files).toEqual([]);
    } else {
      // The file shows what the process was started with, which is nothing of the service's.
      expect(files[0]).not.toContain(SECRET);
    }
  });
});
