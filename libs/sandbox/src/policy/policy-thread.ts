/** The main module of a thread that judges scripts; `CheckingThread` starts it. It knows nothing but the policy. */
import { parentPort, workerData } from 'node:worker_threads';
import { normalizeScript } from '@pycell/script-policy';
import { RuledPolicy } from './ruled-policy';
import { CpuBudget, ownCpuClock, ownThreadId } from './thread-clock';
import type { ThreadAnswer, ThreadQuestion, ThreadStart } from './thread-messages';

const PAGE_BYTES = 64 * 1024;
/** What the parser begins with: it has no use for less. */
const INITIAL_BYTES = 32 * 1024 * 1024;
/** A million characters of ordinary Python need 80 MiB. */
const MAX_BYTES = 192 * 1024 * 1024;
/** Memory of wasm never shrinks: with more than this the thread is replaced. */
const WORN_BYTES = 64 * 1024 * 1024;

/** The part that is used here; the ES library does not declare WebAssembly. */
interface WasmMemory {
  readonly buffer: ArrayBuffer;
}
type WasmMemoryClass = new (size: { readonly initial: number; readonly maximum: number }) => WasmMemory;

async function serve(): Promise<void> {
  const { wasm, rules } = workerData as ThreadStart;
  const { Memory } = Reflect.get(globalThis, 'WebAssembly') as { readonly Memory: WasmMemoryClass };
  const memory = new Memory({ initial: INITIAL_BYTES / PAGE_BYTES, maximum: MAX_BYTES / PAGE_BYTES });
  const policy = await RuledPolicy.load({ ...wasm, memory }, rules);
  const clock = ownCpuClock();
  parentPort?.on('message', ({ script, terms, limitMs }: ThreadQuestion) => {
    const budget = new CpuBudget(clock, limitMs);
    const normalized = normalizeScript(script);
    if (normalized !== script) {
      tell({ kind: 'normalized', script: normalized });
    }
    // Whatever it throws ends the thread: the parser is in no state that is known then.
    const { refusal, unparsed, imports } = policy.judge(normalized, terms, () => !budget.isSpent());
    tell({
      kind: 'judgement',
      judgement: { refusal, unparsed, imports },
      isWorn: memory.buffer.byteLength > WORN_BYTES,
    });
  });
  tell({ kind: 'ready', threadId: ownThreadId() });
}

function tell(answer: ThreadAnswer): void {
  parentPort?.postMessage(answer);
}

void serve();
