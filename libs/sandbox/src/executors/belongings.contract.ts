import type { ObservedRun } from '../run/observed-run.contract';
import { plainRun, type Run } from '../run/run';
import { MARK_LINE } from './script-processes.contract';

/** Has the executor under test run something. */
export type RunThis = (run: Run) => Promise<ObservedRun>;

const scriptOf = (text: string, parts: Partial<Run> = {}): Run => ({
  ...plainRun(MARK_LINE + text),
  ...parts,
});
const bytes = (text: string): Buffer => Buffer.from(text);

function resultOf({ outcome }: ObservedRun): unknown {
  return outcome.status === 'OK' ? (JSON.parse(outcome.result.toString()) as unknown) : outcome;
}

function artifactsOf({ outcome }: ObservedRun): [name: string, content: string][] {
  const artifacts = 'artifacts' in outcome ? (outcome.artifacts ?? []) : [];
  return artifacts.map((artifact) => [artifact.name, artifact.bytes.toString('latin1')]);
}

/** What every executor owes to what comes with a script, and to what a script leaves. */
export function describeBelongings(run: RunThis): void {
  it('gives inputs to main byte by byte, by name', async () => {
    const inputs = bytes('{"b": 1.0, "a": 1180591620717411303424, "c": "\\u00e9\\n"}');
    const script = 'def main(a, b, c="d", **more): return [a, repr(b), c, more]';
    expect(await run(scriptOf(script, { inputs }))).toMatchObject({
      outcome: { status: 'OK', result: bytes('[1180591620717411303424, "1.0", "é\\n", {}]') },
    });
  });

  it('names the parameter that inputs lack, and the one that main does not know', async () => {
    const script = 'def main(city, days=7): return city';
    for (const inputs of [bytes('{"days": 1, "town": 2}'), null]) {
      const { outcome } = await run(scriptOf(script, { inputs }));
      expect(outcome).toMatchObject({
        status: 'INVALID_INPUTS',
        message: expect.stringMatching(/main\(city, days=7\).*"city"/) as string,
        hint: expect.stringContaining('"inputs"') as string,
      });
    }
  });

  it('runs a program, with inputs as global names and the value of its last expression', async () => {
    const run1 = scriptOf('print(__name__)\ndef main(): print("not called")\nn * 2\n', {
      mode: 'script',
      inputs: bytes('{"n": 21}'),
    });
    const report = await run(run1);
    expect([resultOf(report), report.stdout]).toEqual([42, '__main__\n']);
    expect(resultOf(await run(scriptOf('x = 1\n', { mode: 'script' })))).toBeNull();
  });

  it.each([
    ['raise SystemExit', null],
    ['raise SystemExit(0)', null],
    ['raise SystemExit(3)', { status: 'SCRIPT_EXITED', exitCode: 3 }],
    ['raise SystemExit("no")', { status: 'SCRIPT_EXITED', exitCode: 1 }],
    ['import os; os._exit(5)', { status: 'SCRIPT_EXITED', exitCode: 5 }],
  ])('tells how a program ends by %s', async (script, expected) => {
    const result = resultOf(await run(scriptOf(script, { mode: 'script' })));
    if (expected === null) {
      expect(result).toBeNull();
    } else {
      expect(result).toMatchObject(expected);
    }
  });

  it('has standard input where some was sent, and the end of it else', async () => {
    const script =
      'import os, sys\ndef main(): return [input(), sys.stdin.readline(), sys.stdin.read(), os.read(0, 9)]';
    const report = await run(scriptOf(script, { stdin: bytes('één\nzwei\n3\n4') }));
    expect(resultOf(report)).toEqual(['één', 'zwei\n', '3\n4', '']);
    expect(resultOf(await run(scriptOf('import sys\ndef main(): return sys.stdin.read()')))).toBe('');
    const big = 'x'.repeat(60_000);
    const count = 'def main(): return len(open(0).read())';
    expect(resultOf(await run(scriptOf(count, { stdin: bytes(big) })))).toBe(big.length);
  });

  it('describes a script without executing anything of it', async () => {
    const script = 'print("ran")\ndef main(n: int = print("ran")): return n';
    const report = await run(scriptOf(script, { mode: 'validate' }));
    expect(report.stdout).toBe('');
    expect(resultOf(report)).toMatchObject({
      syntaxError: null,
      main: { parameters: { properties: { n: { type: 'integer' } }, required: [] } },
    });
  });

  it('holds a run to the limits that it asked for', async () => {
    const endless = await run(scriptOf('def main():\n    while True: pass', { limits: { timeoutMs: 300 } }));
    expect(endless.outcome.status).toBe('TIMEOUT');
    // Without a limit of its own it has two seconds.
    expect(endless.runMs).toBeLessThan(1_900);
    const script = 'def main(): return len(bytearray(60 << 20))';
    expect(resultOf(await run(scriptOf(script)))).toBe(60 * 1024 * 1024);
    const small = await run(scriptOf(script, { limits: { memoryMb: 48 } }));
    expect(small.outcome.status).toBe('MEMORY_LIMIT');
  });
}

/** The same where a run can write files. */
export function describeFiles(run: RunThis): void {
  it('has the files that were sent in its working folder, and output/ for what it leaves', async () => {
    const script = `
from pathlib import Path
def main():
    Path("output/sub").mkdir()
    Path("output/sub/b.txt").write_bytes(Path("data/a.bin").read_bytes() * 2)
    Path("output/a.txt").write_text("a")
    return sorted(str(path) for path in Path(".").rglob("*") if path.is_file() and "output" not in str(path))
`;
    const files = [
      { name: 'data/a.bin', bytes: Buffer.from([0, 255, 10]) },
      { name: 'é.txt', bytes: Buffer.alloc(0) },
    ];
    const report = await run(scriptOf(script, { files }));
    expect(resultOf(report)).toEqual(['data/a.bin', 'é.txt']);
    expect(artifactsOf(report)).toEqual([
      ['a.txt', 'a'],
      ['sub/b.txt', '\u0000\u00ff\n\u0000\u00ff\n'],
    ]);
  });

  it('takes megabytes in and out, whole', async () => {
    const content = Buffer.alloc(900_000, 'pycell ');
    const script =
      'from pathlib import Path\ndef main(): Path("output/b").write_bytes(Path("a").read_bytes()[::-1])';
    const report = await run(scriptOf(script, { files: [{ name: 'a', bytes: content }] }));
    expect(artifactsOf(report)).toEqual([['b', content.reverse().toString('latin1')]]);
  });

  it('keeps what was written where a script fails, also what was not flushed', async () => {
    const script =
      'def main():\n    global f\n    f = open("output/log.txt", "w")\n    f.write("so far")\n    1 / 0';
    const report = await run(scriptOf(script));
    expect(report.outcome).toMatchObject({ status: 'SCRIPT_ERROR' });
    expect(artifactsOf(report)).toEqual([['log.txt', 'so far']]);
  });

  it('follows no link, and waits for no pipe', async () => {
    const script = `
import os
def main():
    os.symlink("/etc/hostname", "output/link")
    os.symlink("/", "output/root")
    try: os.mkfifo("output/pipe")
    except PermissionError: pass  # by the filter of a jail
    os.mkdir("output/empty")
    os.rename("output", "elsewhere")
    os.symlink("/usr", "output")
`;
    expect(artifactsOf(await run(scriptOf(script)))).toEqual([]);
    const within = script.replace(/ {4}os\.rename[^]*/, '    os.close(os.open("output/x", os.O_CREAT))\n');
    expect(artifactsOf(await run(scriptOf(within)))).toEqual([['x', '']]);
  });

  it.each([
    ['more files than it may', 'for n in range(65): Path(f"output/{n}").touch()', 'more files'],
    ['larger ones', 'Path("output/big").write_bytes(bytes(9 << 20))', 'output/big'],
    ['a sparse one', 'open("output/big", "w").truncate(15 << 20)', 'output/big'],
    ['hundreds', 'for n in range(300): Path(f"output/{n}").touch()', 'more files'],
  ])('refuses %s', async (_what, statement, message) => {
    const script = `from pathlib import Path\ndef main():\n    ${statement}\n`;
    expect((await run(scriptOf(script))).outcome).toEqual({
      status: 'ARTIFACTS_TOO_LARGE',
      message: expect.stringContaining(message) as string,
    });
  });

  it('gives names that a client can take', async () => {
    const names = [
      '..\\up',
      'C:\\x',
      'a\nb',
      'con.txt',
      '~root',
      ' lead',
      'trail. ',
      '\u202etxt.exe',
      '...',
      '-rf',
    ];
    const script = `import os\ndef main():\n    for name in ${JSON.stringify(names)}: open(os.path.join("output", name), "w").close()\n    os.close(os.open(b"output/\\xff", os.O_CREAT))\n`;
    const report = await run(scriptOf(script));
    expect(
      artifactsOf(report)
        .map(([name]) => name)
        .sort(),
    ).toEqual(
      [
        '.._up',
        'C__x',
        'a_b',
        '_con.txt',
        '_~root',
        '_ lead',
        'trail_',
        '_txt.exe',
        '_',
        '-rf',
        '_-2',
      ].sort(),
    );
  });
}
