import { setTimeout as delay } from 'node:timers/promises';
import { readFileSync } from 'node:fs';
import { DEFAULT_POLICY_RULES } from '@pycell/script-policy';
import { FakeThread } from './fake-thread.contract';
import { ScriptJudge } from './script-judge';

/** As large as a script may be that is tried on the loop, and not done there in 3 ms. */
const HARD = '\n  not :'.repeat(250).slice(0, 1_990);
const ORDINARY = 'def main():\n    return 1\n';

describe('ScriptJudge', () => {
  let judge: ScriptJudge;
  const threads: FakeThread[] = [];
  /** Without an end: the threads answer nothing. */
  const send = (script: string): void => {
    judge.judge(script, new AbortController().signal).catch(() => undefined);
  };
  const asked = (): string[] => threads.flatMap(({ questions }) => questions.map(({ script }) => script));

  beforeAll(async () => {
    const wasm = {
      runtime: readFileSync(require.resolve('web-tree-sitter/web-tree-sitter.wasm')),
      python: readFileSync(require.resolve('tree-sitter-python/tree-sitter-python.wasm')),
    };
    judge = await ScriptJudge.load({ wasm, rules: DEFAULT_POLICY_RULES, maxThreads: 16 }, () => {
      const thread = new FakeThread();
      threads.push(thread);
      setImmediate(() => thread.beReady());
      return thread;
    });
  });

  afterAll(() => judge.close());

  it('leaves the loop alone for a while after a script that was hard', async () => {
    const { signal } = new AbortController();
    await judge.judge(ORDINARY, signal);
    expect(asked()).toEqual([]);

    send(HARD);
    send(ORDINARY);
    await delay(5);
    expect(asked().sort()).toEqual([HARD, ORDINARY].sort());

    await delay(500);
    await judge.judge(ORDINARY, signal);
    expect(asked()).toHaveLength(2);
  });

  it('holds the loop no longer when hard scripts come together', async () => {
    await delay(500);
    const before = process.cpuUsage();
    for (let script = 0; script < 16; script++) {
      send(HARD);
    }
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(20);
  });
});
