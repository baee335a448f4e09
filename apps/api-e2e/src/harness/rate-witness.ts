import { setTimeout as delay } from 'node:timers/promises';
import type { HttpAnswer, HttpClient } from './http-client';

export interface Rate {
  readonly requests: number;
  readonly seconds: number;
}

/** What an answer says of the rate of its caller. */
export interface RateReading {
  readonly policy: string;
  readonly remaining: number;
  readonly resetSeconds: number;
}

/** Reads the headers of an answer; NaN and '' where there are none. */
export function readingOf({ headers }: HttpAnswer): RateReading {
  const told = /^"default";r=(\d+);t=(\d+)$/.exec(String(headers['ratelimit'] ?? ''));
  return {
    policy: String(headers['ratelimit-policy'] ?? ''),
    remaining: Number(told?.[1] ?? NaN),
    resetSeconds: Number(told?.[2] ?? NaN),
  };
}

/** Sends a request that is counted, and costs nothing but that: it has no script. */
export function knock(client: HttpClient): Promise<HttpAnswer> {
  return client.postRaw('{}');
}

/** Whether a request was let in to what knows that it has no script. */
export function wasLetIn({ status }: HttpAnswer): boolean {
  return status === 400;
}

interface Moment {
  readonly sentAt: number;
  readonly receivedAt: number;
}

/**
 * Follows the answers to one caller's requests, one after the other, and says of each what the headers of those before it
 * leave for it to be. Of a window that ends while a request is on its way, both are right.
 */
export class RateWitness {
  /** What is wrong; empty if all answers are true. */
  readonly lies: string[] = [];
  /** How many requests each window let in, in order. The last one may not be over. */
  readonly windows: number[] = [];
  /** How many requests came in each of them: fewer than it would let in where the machine stood still. */
  readonly asked: number[] = [];
  private remaining = 0;
  private earliestEnd = -Infinity;
  private latestEnd = -Infinity;

  constructor(private readonly rate: Rate) {}

  /** What is wrong with the windows that are over: each lets in what comes, up to the rate, and two must have reached it. */
  get faultsOfWindows(): readonly string[] {
    const { requests } = this.rate;
    const whole = this.windows.slice(0, -1);
    const faults = whole.flatMap((letIn, index) => {
      const asked = this.asked[index] ?? NaN;
      return letIn === Math.min(asked, requests) ? [] : [`${letIn} of ${asked} were let in`];
    });
    const filled = whole.filter((letIn) => letIn === requests).length;
    return filled >= 2 ? faults : [...faults, `only ${filled} of ${whole.length} windows were filled`];
  }

  /** Sends so many requests a second, one after the other, and looks at each answer. */
  async watch(client: HttpClient, perSecond: number, seconds: number): Promise<HttpAnswer[]> {
    const answers: HttpAnswer[] = [];
    const begin = performance.now();
    for (let n = 0; n < perSecond * seconds; n++) {
      await delay(Math.max(0, begin + (n * 1000) / perSecond - performance.now()));
      const sentAt = performance.now();
      const answer = await knock(client);
      this.see(answer, { sentAt, receivedAt: performance.now() });
      answers.push(answer);
    }
    return answers;
  }

  private see(answer: HttpAnswer, { sentAt, receivedAt }: Moment): void {
    const { requests, seconds } = this.rate;
    const { policy, remaining, resetSeconds } = readingOf(answer);
    const isIn = wasLetIn(answer);
    const expect = (what: string, isTrue: boolean): void => {
      if (!isTrue) {
        const state = `${this.remaining} remaining, window ends in ${this.earliestEnd - sentAt} to ${this.latestEnd - sentAt} ms`;
        this.lies.push(`${what} (${answer.status}, r=${remaining}, t=${resetSeconds}; ${state})`);
      }
    };
    const mustBeOld = receivedAt < this.earliestEnd;
    const mustBeNew = sentAt > this.latestEnd;
    const isNew = mustBeNew || (!mustBeOld && isIn && remaining === requests - 1);
    if (isNew) {
      expect('the first of a window is let in', isIn);
      expect('a window begins whole', remaining === requests - 1);
      this.windows.push(isIn ? 1 : 0);
      this.asked.push(1);
      this.earliestEnd = sentAt + seconds * 1000;
      this.latestEnd = receivedAt + seconds * 1000;
    } else {
      expect('as many are let in as was said', isIn === this.remaining > 0);
      expect('one less remains', remaining === Math.max(0, this.remaining - 1));
      this.windows[this.windows.length - 1] = (this.windows.at(-1) ?? 0) + (isIn ? 1 : 0);
      this.asked[this.asked.length - 1] = (this.asked.at(-1) ?? 0) + 1;
    }
    this.remaining = remaining;
    const least = Math.max(1, Math.ceil((this.earliestEnd - receivedAt) / 1000));
    const most = Math.max(1, Math.ceil((this.latestEnd - sentAt) / 1000));
    expect(`the window ends in ${least} to ${most} s`, resetSeconds >= least && resetSeconds <= most);
    expect('the policy is told', policy === `"default";q=${requests};w=${seconds}`);
    const retryAfter = answer.headers['retry-after'];
    expect('who is refused is told when to come', retryAfter === (isIn ? undefined : String(resetSeconds)));
  }
}
