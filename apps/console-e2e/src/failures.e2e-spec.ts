import { eventually } from './harness/eventually';
import { startApi, startConsole } from './harness/pycell';
import type { ServiceProcess } from './harness/service-process';
import { onPage } from './harness/visit';

/** What programs read and people should not have to: codes and bare statuses. */
const FOR_PROGRAMS =
  /\b(?:POLICY_VIOLATION|MAIN_MISSING|SYNTAX_ERROR|SCRIPT_[A-Z]+|TIMEOUT|MEMORY_LIMIT|OUTPUT_LIMIT|RESULT_[A-Z_]+)\b|\b(?:400|413|422|500|502|503)\b/;

interface FailureCase {
  readonly name: string;
  readonly script: string;
  /** What happened. */
  readonly says: RegExp;
  /** What to do next. */
  readonly advises: RegExp;
  /** The line at which the run failed, which is marked as such. */
  readonly line?: number;
  /** Of a script that takes too long. */
  readonly runningLine?: number;
  /** What the script printed before it failed is there. */
  readonly keeps?: RegExp;
}

const CASES: readonly FailureCase[] = [
  {
    name: 'a script that the policy refuses',
    script: 'def main():\n    import subprocess\n    return 1\n',
    says: /Dangerous operation detected: import subprocess/,
    advises: /^A run cannot start other programs/,
    line: 2,
  },
  {
    name: 'a script without main()',
    script: 'x = 1\nprint(x)\n',
    says: /must contain a main\(\) function/,
    advises: /^Put the code into a function called main/,
  },
  {
    name: 'a script that raises an exception',
    script: 'def main():\n    print("so far")\n    items = {}\n    return items["missing"]\n',
    says: /KeyError: 'missing'/,
    advises: /print them before that line/,
    line: 4,
    keeps: /so far/,
  },
  {
    name: 'a script that takes too long',
    script: 'import time\n\ndef main():\n    print("before")\n    time.sleep(5)\n',
    says: /1 (?:s\b|second)|1000 ms/,
    advises: /^(Line 5 was running when the time was over|Look for a loop that does not end)/,
    keeps: /before/,
    runningLine: 5,
  },
  {
    name: 'a script that takes too much memory',
    script: 'def main():\n    return len(bytearray(300_000_000))\n',
    says: /64 (?:MB|MiB)/,
    advises: /^Work on smaller pieces/,
    line: 2,
  },
  {
    name: 'a script that prints too much',
    script: 'def main():\n    for n in range(10_000):\n        print("line", n)\n',
    says: /output/i,
    advises: /^Print less, or return the data/,
    keeps: /line 0\b/,
  },
  {
    name: 'a script that returns too much',
    script: 'def main():\n    return "x" * 100_000\n',
    says: /result/i,
    advises: /^Return a part or a summary/,
  },
  {
    name: 'a script that returns something that is no JSON value',
    script: 'def main():\n    return {"handler": main}\n',
    says: /function/,
    advises: /^Call it, and return what it returns/,
  },
  {
    name: 'a script that ends itself',
    script: 'def main():\n    raise SystemExit(3)\n',
    says: /exit|ended/i,
    advises: /^Return from main\(\)/,
    line: 2,
  },
];

describe('what came of', () => {
  let api: ServiceProcess;
  let server: ServiceProcess;

  beforeAll(async () => {
    api = await startApi({
      SCRIPT_TIMEOUT: '1',
      MEMORY_LIMIT_MB: '64',
      MAX_OUTPUT_BYTES: '4096',
      MAX_RESULT_BYTES: '65536',
    });
    server = await startConsole(api);
  });

  afterAll(async () => {
    await server.stop();
    await api.stop();
  });

  it.each(CASES)('$name is told with what to do next, and without a code', async (failure) => {
    await onPage(
      async ({ pycell, picture }) => {
        await pycell.run();
        const shown = await pycell.resultText(failure.says);
        await picture(`failed-${failure.name.replaceAll(/[^a-z]+/gi, '-')}`);
        expect(await pycell.result.locator('.advice').innerText()).toMatch(failure.advises);
        expect(shown).not.toMatch(FOR_PROGRAMS);
        if (failure.keeps) expect(await pycell.printed()).toMatch(failure.keeps);
        if (failure.line !== undefined) {
          await eventually(
            () => pycell.failingLines(),
            (lines) => lines.join() === String(failure.line),
          );
        } else {
          // The line that was running when time ran out is marked where the run could tell it.
          const marked = (await pycell.failingLines()).join();
          expect(['', ...(failure.runningLine ? [String(failure.runningLine)] : [])]).toContain(marked);
        }
      },
      { consoleUrl: () => server.url, script: failure.script },
    )();
  });
});
