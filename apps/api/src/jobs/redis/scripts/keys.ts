/**
 * Where everything is. Scripts make the names of keys themselves, so all of it is on one Redis: a cluster is not for this.
 * `OWNER` is the SHA-256 of an owner's name.
 */
export const KEYS = {
  /** Hash of one execution: its record, with its note, without its body and outcome. */
  record: 'pycell:job:',
  /** What follows the id in the names of the other three. */
  body: ':body',
  events: ':events',
  outcome: ':outcome',
  /** Hash: bytes that wait, bytes that are kept, virtual time. */
  totals: 'pycell:jobs:totals',
  /** Sorted: what waits, by when it is looked for in the line again. */
  waiting: 'pycell:jobs:waiting',
  /** Sorted: what runs, by when its lease is over. */
  running: 'pycell:jobs:running',
  /** Sorted: what has ended, by when it is forgotten. */
  expiry: 'pycell:jobs:expiry',
  /** Sorted: owners, by the bytes that are kept of theirs. */
  kept: 'pycell:jobs:kept',
  /** Hash: of what has ended its bytes and its owner's hash, `BYTES:OWNER`. Not in its record, which Redis itself may forget first. */
  sizes: 'pycell:jobs:sizes',
  /** Sorted: ends that are to be told, by when they were. */
  callbacks: 'pycell:jobs:callbacks',
  /** Hash of one owner; with `:open` a set of what is in the line or runs, `:held` a list, `:ended` sorted by when. */
  owner: 'pycell:jobs:owner:',
  /** Hash: to what execution an idempotency key belongs, and with what body. */
  idempotency: 'pycell:jobs:idempotency:',
  /** Channels: something has come of one execution, something waits. */
  changed: 'pycell:jobs:changed:',
  wake: 'pycell:jobs:wake',
  trial: 'pycell:jobs:trial',
} as const;

/** Hash of one entry of the line, as BullMQ names it; scripts only look whether it is there and what its priority is. */
export const LINE_PREFIX = 'pycell:bull';
export const LINE_NAME = 'pycell-executions';

/** The largest priority that BullMQ knows; the smallest is served first. */
export const MAX_PRIORITY = 2 ** 21 - 1;
