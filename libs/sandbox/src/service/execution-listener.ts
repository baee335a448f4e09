import type { CompletedExecution } from './completed-execution';
import type { ExecutionFailure } from './execution-failure';
import type { OutputFlow, OutputStream } from '../run/run-observer';

/** Hears of an execution while it runs. One that throws hears no more, and the execution rejects with what it threw. */
export interface ExecutionListener {
  /** The script has been handed over. By `flow` its output is held back. Called once. */
  onStart(id: string, flow: OutputFlow): void;
  /** The script has printed this. Invalid bytes are U+FFFD; no character is cut in two. */
  onOutput(stream: OutputStream, text: string): void;
}

/** An execution whose output has been heard already. */
export type HeardExecution = Omit<CompletedExecution, 'stdout' | 'stderr'>;

/** Hears of the executions of a batch. One that throws, or rejects, ends the batch, which rejects with the same. */
export interface BatchListener {
  /** The script was accepted: what goes wrong from now on is the outcome of single inputs. Called once, before the others. */
  onStart(): void;
  /** Called before the run for an input begins; it does not begin until this settles. At most as many are asked for as there are places. */
  readyFor(index: number): Promise<void> | undefined;
  /** What became of one input, in the order in which they end. */
  onOutcome(index: number, outcome: CompletedExecution | ExecutionFailure): void;
}
