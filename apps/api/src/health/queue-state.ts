/** What keeps asynchronous executions, as far as health is concerned. */
export interface QueueState {
  readonly isThere: boolean;
  /** Whether it takes nothing now, though it answers. */
  readonly isFull?: boolean;
}

export const QUEUE_STATE = Symbol('QUEUE_STATE');
