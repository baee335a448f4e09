import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { unjudged, type Judgement } from './judgement';
import { CpuBudget, cpuClockOf, type CpuClock } from './thread-clock';
import type { ThreadAnswer, ThreadQuestion, ThreadStart } from './thread-messages';

/** The part of a `Worker` that is used; tests bring their own. */
export interface ThreadPort {
  postMessage(question: ThreadQuestion): void;
  terminate(): Promise<unknown>;
  on(event: 'message', listener: (answer: ThreadAnswer) => void): unknown;
  on(event: 'error' | 'exit', listener: () => void): unknown;
}

/** Megabytes of JavaScript; the parser's own memory has a bound besides. A million characters need a third. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 };

/** Starts the thread. What it would print is thrown away: it would be told by a script. */
export function startPolicyThread(start: ThreadStart): ThreadPort {
  const port = new Worker(join(__dirname, 'policy-thread.js'), {
    workerData: start,
    resourceLimits: RESOURCE_LIMITS,
    env: {},
    execArgv: [],
    stdout: true,
    stderr: true,
  });
  port.unref();
  return port;
}

/** How often a thread that should have given up by itself is looked at. */
const LOOK_MS = 20;
/** However busy the machine is, nothing makes a judgement worth more than that and four times its limit. */
const LONGEST_WALL_MS = 10_000;
const WALL_FACTOR = 4;

export type ThreadState = 'starting' | 'idle' | 'busy' | 'ended';

/** One thread that judges one script at a time, and is ended when it does not come to an end. */
export class CheckingThread {
  private current: ThreadState = 'starting';
  private clock: CpuClock = () => null;
  private answer: ((judgement: Judgement) => void) | null = null;
  private script = '';

  /** @param onChange is called after each change of `state` */
  constructor(
    private readonly port: ThreadPort,
    private readonly onChange: (thread: CheckingThread) => void,
  ) {
    port.on('message', (answer) => this.receive(answer));
    // An uncaught error of the thread, its memory limit included; the exit follows, which is what counts.
    port.on('error', () => undefined);
    port.on('exit', () => this.end());
  }

  get state(): ThreadState {
    return this.current;
  }

  /**
   * Judges a script; only while `idle`. Never rejects: where the thread does not come to an end, or breaks, that is said.
   */
  judge(question: ThreadQuestion): Promise<Judgement> {
    return new Promise((resolve) => {
      const watch = this.watch(question.limitMs);
      this.script = question.script;
      this.answer = (judgement) => {
        clearTimeout(watch.timer);
        this.answer = null;
        this.script = '';
        resolve(judgement);
      };
      this.become('busy');
      this.port.postMessage(question);
    });
  }

  /** Ends the thread, at whatever it is. */
  end(): void {
    if (this.current !== 'ended') {
      void this.port.terminate();
      this.become('ended');
      this.answer?.(unjudged(this.script));
    }
  }

  private receive(message: ThreadAnswer): void {
    if (this.current === 'ended') {
      return;
    }
    if (message.kind === 'ready') {
      this.clock = cpuClockOf(message.threadId);
      this.become('idle');
      return;
    }
    if (message.kind === 'normalized') {
      this.script = message.script;
      return;
    }
    const { judgement, isWorn } = message;
    const { answer, script } = this;
    if (isWorn) {
      this.answer = null;
      this.end();
    } else {
      this.become('idle');
    }
    answer?.({ ...judgement, script });
  }

  /**
   * Ends the thread when it has not given up by itself at its limit, as where the policy's own code takes long, not the
   * parser: it is looked at after twice that time, and may then spend as much once more.
   */
  private watch(limitMs: number): { timer: NodeJS.Timeout } {
    let rest: CpuBudget | null = null;
    const startedAt = performance.now();
    const look = (): void => {
      rest ??= new CpuBudget(this.clock, limitMs);
      if (rest.isSpent() || performance.now() - startedAt > LONGEST_WALL_MS + WALL_FACTOR * limitMs) {
        this.end();
      } else {
        watched.timer = setTimeout(look, LOOK_MS);
      }
    };
    const watched = { timer: setTimeout(look, 2 * limitMs) };
    return watched;
  }

  private become(state: ThreadState): void {
    this.current = state;
    this.onChange(this);
  }
}
