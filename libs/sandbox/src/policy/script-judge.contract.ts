import { readFileSync } from 'node:fs';
import type { PolicyRules } from '@pycell/script-policy';
import type { ThreadPort } from './checking-thread';
import { FakeThread } from './fake-thread.contract';
import { ScriptJudge } from './script-judge';

/** A thread that comes up, and breaks at its first script. */
function startBreakingThread(): ThreadPort {
  const thread = new FakeThread();
  thread.postMessage = () => thread.exit();
  process.nextTick(() => thread.beReady());
  return thread;
}

/** Judges small scripts as the service does, and no other: threads need the built library. */
export async function judgeSmallScripts(rules: PolicyRules): Promise<ScriptJudge> {
  const wasm = {
    runtime: readFileSync(require.resolve('web-tree-sitter/web-tree-sitter.wasm')),
    python: readFileSync(require.resolve('tree-sitter-python/tree-sitter-python.wasm')),
  };
  const share = { isFree: true, charge: () => undefined };
  return ScriptJudge.load({ wasm, rules, maxThreads: 1 }, startBreakingThread, share);
}
