import { setTimeout as delay } from 'node:timers/promises';
import { readFileSync } from 'node:fs';
import { allowNames, DEFAULT_POLICY_RULES } from '@pycell/script-policy';
import { FakeThread } from './fake-thread.contract';
import { RuledPolicy } from './ruled-policy';
import { ScriptJudge } from './script-judge';
import { NO_RULES, PLAIN_TERMS, type ScriptTerms } from './script-terms';

/** As large as a script may be that is tried on the loop, and not done there in 3 ms. */
const HARD = '\n  not :'.repeat(250).slice(0, 1_990);
const ORDINARY = 'def main():\n    return 1\n';
/** Larger than what is tried on the loop. */
const LONG = '# note\n'.repeat(300);

function installedWasm(): Parameters<typeof RuledPolicy.load>[0] {
  return {
    runtime: readFileSync(require.resolve('web-tree-sitter/web-tree-sitter.wasm')),
    python: readFileSync(require.resolve('tree-sitter-python/tree-sitter-python.wasm')),
  };
}

describe('ScriptJudge', () => {
  let judge: ScriptJudge;
  const threads: FakeThread[] = [];
  /** Without an end: the threads answer nothing. */
  const send = (script: string): void => {
    judge.judge(script, new AbortController().signal, PLAIN_TERMS).catch(() => undefined);
  };
  const asked = (): string[] => threads.flatMap(({ questions }) => questions.map(({ script }) => script));

  beforeAll(async () => {
    const options = { wasm: installedWasm(), rules: DEFAULT_POLICY_RULES, maxThreads: 16 };
    judge = await ScriptJudge.load(options, () => {
      const thread = new FakeThread();
      threads.push(thread);
      setImmediate(() => thread.beReady());
      return thread;
    });
  });

  afterAll(() => judge.close());

  it('leaves the loop alone for a while after a script that was hard', async () => {
    const { signal } = new AbortController();
    await judge.judge(ORDINARY, signal, PLAIN_TERMS);
    expect(asked()).toEqual([]);

    send(HARD);
    send(ORDINARY);
    await delay(5);
    expect(asked().sort()).toEqual([HARD, ORDINARY].sort());

    // On the loop again; on a busy machine one may take so long there that a thread has it.
    for (let asks = 0, isOnLoop = false; !isOnLoop; asks++) {
      expect(asks).toBeLessThan(10);
      await delay(500);
      const before = asked().length;
      send(ORDINARY);
      await delay(50);
      isOnLoop = asked().length === before;
    }
  });

  it('holds the loop no longer when hard scripts come together', async () => {
    const times: number[] = [];
    // What else the machine does only adds to it.
    for (let round = 0; round < 4; round++) {
      await delay(500);
      const before = process.cpuUsage();
      for (let script = 0; script < 16; script++) {
        send(HARD);
      }
      const { user, system } = process.cpuUsage(before);
      times.push((user + system) / 1_000);
    }
    expect(Math.min(...times)).toBeLessThan(20);
  });
});

describe('the terms of a request', () => {
  let judge: ScriptJudge;
  /** By threads that do in this process what they do in their own. */
  const asked: string[] = [];

  beforeAll(async () => {
    const options = { wasm: installedWasm(), rules: DEFAULT_POLICY_RULES, maxThreads: 1 };
    const inThread = await RuledPolicy.load(options.wasm, options.rules);
    const startThread = (): FakeThread => {
      const thread = new FakeThread();
      thread.postMessage = (question) => {
        // What threads are told is copied on its way.
        const { script, terms } = structuredClone(question);
        asked.push(script);
        const judgement = inThread.judge(script, terms, () => true);
        setImmediate(() => thread.say({ kind: 'judgement', judgement, isWorn: false }));
      };
      setImmediate(() => thread.beReady());
      return thread;
    };
    judge = await ScriptJudge.load(options, startThread, { isFree: true, charge: () => undefined });
  });

  afterAll(() => judge.close());

  const refusalOf = async (script: string, terms: Partial<ScriptTerms>) => {
    const { refusal } = await judge.judge(script, new AbortController().signal, { ...PLAIN_TERMS, ...terms });
    return refusal?.violations.map(({ message, hint }) => [message, hint?.includes('main()')]);
  };

  it.each([
    ['on the loop', '', 0],
    ['in a thread', LONG, 6],
  ])('hold for a script that is judged %s, and for no other', async (_, before, threads) => {
    asked.length = 0;
    const script = `${before}f = open\nf(input())`;
    const open = ['Dangerous operation detected: open(', false];
    const input = ['Dangerous operation detected: input(', true];
    expect(await refusalOf(script, { permitted: ['input', 'open'] })).toBeUndefined();
    expect(await refusalOf(script, { permitted: ['input'] })).toEqual([open]);
    expect(await refusalOf(script, { permitted: ['open'] })).toEqual([input]);
    expect(await refusalOf(script, {})).toEqual([open, input]);
    expect(await refusalOf(script, { mode: 'script' })).toEqual([open, [input[0], false]]);
    expect(await refusalOf(script, { mode: 'script', permitted: ['open', 'input'] })).toBeUndefined();
    expect(asked).toHaveLength(threads);
  });

  it.each([
    ['on the loop', '', 0],
    ['in a thread', LONG, 8],
  ])(
    'bring the rules of its caller to where it is judged %s, and leave nothing of them',
    async (_, before, threads) => {
      asked.length = 0;
      const script = `${before}import os, math\nopen(input())`;
      const told = async (terms: Partial<ScriptTerms>): Promise<string[]> =>
        ((await refusalOf(script, terms)) ?? []).map(([message]) => String(message).replace(/.*: /, ''));
      const noMath = { blockedModules: ['math'], blockedNames: ['input'] };
      const all = ['import os', 'open(', 'input('];
      for (let round = 0; round < 2; round++) {
        expect(await told({})).toEqual(all);
        expect(await told({ rules: NO_RULES, permitted: ['input', 'open'] })).toEqual([]);
        expect(await told({ rules: noMath, permitted: ['open'] })).toEqual(['import math', 'input(']);
        expect(await told({ rules: allowNames(DEFAULT_POLICY_RULES, ['os']), permitted: ['input'] })).toEqual(
          ['open('],
        );
      }
      expect(asked).toHaveLength(threads);
    },
  );
});
