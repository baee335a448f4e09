import type { IncomingMessage } from 'node:http';
import type { ErrorCode, ExecutionReport } from '@pycell/contracts';

/** How something that a request asked for has ended. */
export type EndCode = 'OK' | 'CANCELLED' | ErrorCode;

/** What is recorded of one request while it passes its stations. */
export interface RequestTrace {
  /** 32 hexadecimal digits, by which it is found where traces are kept. */
  readonly id: string;
  /** How the script is executed. */
  asked(mode: string): void;
  /** What became of the request; `execution` where a script has run for it. What is told last counts. */
  ended(code: EndCode, execution?: ExecutionReport): void;
  /** What became of one input of a batch. */
  itemEnded(index: number, code: EndCode, execution?: ExecutionReport): void;
}

/** A request that has passed the station of traces, which there is only where traces are recorded. */
export interface TracedRequest extends IncomingMessage {
  trace?: RequestTrace | null;
}

/** Returns what is recorded of a request; undefined where nothing is. */
export function traceOf(request: IncomingMessage): RequestTrace | undefined {
  return (request as TracedRequest).trace ?? undefined;
}
