import { ExecutionCancelled, ExecutionFailure } from '@pycell/sandbox';
import type { Response } from 'express';

/** What answers under way may hold together: as much as all unread ones may. */
const MAX_BYTES = 128 * 1024 * 1024;
/** An answer that holds no more is not counted: the number of connections bounds these. */
export const UNCOUNTED_BYTES = 64 * 1024;
const RETRY_AFTER_SECONDS = 5;

/** What one answer holds, from when it is made until its client has it, or is gone. */
export interface Holding {
  /**
   * Says what it holds now, in bytes.
   * @throws ExecutionFailure SANDBOX_BUSY where there is no room for so much, ExecutionCancelled once the client is gone
   */
  resize(bytes: number): void;
}

/**
 * Has answers that cost no run stay within a number of bytes: a client asks for the outcome of one execution as often as it
 * likes, and need not read any of them. One caller has half of the room at most, or one answer that is larger: nobody keeps
 * the others out.
 */
export class AnswerRoom {
  private readonly held = new Map<string, number>();
  private heldByAll = 0;

  constructor(private readonly maxBytes = MAX_BYTES) {}

  /** @param caller `Caller.id` of who asks */
  holdingFor(caller: string, response: Response): Holding {
    let held = 0;
    let isOver = response.closed;
    response.once('close', () => {
      isOver = true;
      this.count(caller, -held);
      held = 0;
    });
    return {
      resize: (bytes) => {
        if (isOver) {
          throw new ExecutionCancelled();
        }
        const counted = bytes <= UNCOUNTED_BYTES ? 0 : bytes;
        if (counted > held) {
          this.requireRoom(caller, held, counted);
        }
        this.count(caller, counted - held);
        held = counted;
      },
    };
  }

  private requireRoom(caller: string, held: number, wanted: number): void {
    const own = (this.held.get(caller) ?? 0) - held;
    if (own > 0 && own + wanted > this.maxBytes / 2) {
      throw busy(
        'Your large answers that are under way hold as much as they may: read them first, or ask for fewer at once',
      );
    }
    const others = this.heldByAll - held;
    if (others > 0 && others + wanted > this.maxBytes) {
      throw busy('The large answers that are under way hold as much as they may: retry later');
    }
  }

  private count(caller: string, bytes: number): void {
    this.heldByAll += bytes;
    const held = (this.held.get(caller) ?? 0) + bytes;
    if (held === 0) {
      this.held.delete(caller);
    } else {
      this.held.set(caller, held);
    }
  }
}

function busy(message: string): ExecutionFailure {
  return new ExecutionFailure('SANDBOX_BUSY', message, { retryAfterSeconds: RETRY_AFTER_SECONDS });
}
