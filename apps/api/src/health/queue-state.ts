/** What keeps asynchronous executions, as far as health is concerned. */
export interface QueueState {
  readonly isThere: boolean;
}

export const QUEUE_STATE = Symbol('QUEUE_STATE');
