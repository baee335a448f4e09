/** For whom something is executed. */
export interface Client {
  /** Tells callers apart: places are shared out between them. */
  readonly caller: string;
  /** Aborts when the client goes away; what is executed for it is killed then. */
  readonly signal: AbortSignal;
}
