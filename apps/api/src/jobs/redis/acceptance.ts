import { createHash } from 'node:crypto';
import type { Acceptance, NewJob } from '../job';
import type { Argument } from './job-scripts';
import { listOf, type Placed, placedOf, recordOf, wholeOf } from './redis-answers';
import { MAX_PRIORITY } from './scripts/prelude';

/** Told where nobody knows how fast the line moves. */
const DEFAULT_RETRY_SECONDS = 5;
const MAX_RETRY_SECONDS = 60;

/** What may wait, in number and in bytes of bodies. */
export interface WaitingBounds {
  readonly maxWaiting: number;
  readonly maxWaitingBytes: number;
}

/** Returns the arguments of ACCEPT. @param id of 128 random bits, under which the job is known if it is accepted */
export function acceptArguments(id: string, job: NewJob, bounds: WaitingBounds): readonly Argument[] {
  const { owner, key, maxPlaces, body, idempotencyKey, callbackUrl, note } = job;
  const home = sha256(owner);
  // A hash has one length: where owner and key are joined does not matter.
  const name = idempotencyKey === null ? '' : sha256(home + idempotencyKey);
  const { maxWaiting, maxWaitingBytes } = bounds;
  return [
    id,
    owner,
    home,
    key ?? '',
    maxPlaces ?? '',
    body,
    callbackUrl ?? '',
    name,
    name === '' ? '' : sha256(body),
    maxWaiting,
    maxWaitingBytes,
    note ?? '',
  ];
}

/**
 * Reads what ACCEPT answers: what became of it, and what is let into the line.
 * @throws JobStoreUnavailable where that is none of ours
 */
export function readAcceptance(answer: unknown): readonly [Acceptance, readonly Placed[]] {
  const [kind, second, third, fourth] = listOf(answer);
  switch (kind) {
    case 'accepted':
      return [{ kind, record: recordOf(second) }, placedOf(third, MAX_PRIORITY)];
    case 'repeated':
      return [{ kind, record: recordOf(second) }, []];
    case 'conflict':
      return [{ kind }, []];
    default: {
      const retryAfterSeconds = retryAfter(wholeOf(third), wholeOf(fourth));
      return [{ kind: 'full', own: wholeOf(second, 1) === 1, retryAfterSeconds }, []];
    }
  }
}

/** After about so long a tenth of what waits has begun. `pace`: so many were begun in 1,000 s. */
function retryAfter(waiting: number, pace: number): number {
  const seconds = pace === 0 ? DEFAULT_RETRY_SECONDS : Math.ceil(((waiting / 10 + 1) * 1_000) / pace);
  return Math.min(Math.max(1, seconds), MAX_RETRY_SECONDS);
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}
