/** At once to one host, of one process. */
const MOST_AT_ONCE = 4;
/** How much the last attempt counts beside those before it. */
const WEIGHT = 0.3;
const FIRST_GUESS_MS = 200;
const LEAST_WAIT_MS = 200;
const MOST_WAIT_MS = 300_000;
/** Hosts that are remembered while nothing is sent to them. */
const MOST_IDLE = 1_000;

interface Host {
  active: number;
  /** Did not answer in time when it was asked last: it gets one attempt at once. */
  isSlow: boolean;
  durationMs: number;
  /** When the next one that is put off has its turn. */
  nextTurnAt: number;
}

/**
 * Shares out what is sent at once between hosts, so that one which does not answer holds up no other. Who is put off is told
 * when to come again, by how long attempts there take.
 */
export class HostTurns {
  private readonly hosts = new Map<string, Host>();

  /** @param now gives milliseconds */
  constructor(private readonly now: () => number = Date.now) {}

  /**
   * @returns 0: an attempt may begin, and must be told to `end`; else milliseconds until it is worth asking again
   */
  begin(name: string): number {
    const host = this.hosts.get(name) ?? this.add(name);
    if (host.active < atOnce(host)) {
      host.active += 1;
      return 0;
    }
    const now = this.now();
    host.nextTurnAt = Math.max(now + LEAST_WAIT_MS, host.nextTurnAt + host.durationMs / atOnce(host));
    host.nextTurnAt = Math.min(host.nextTurnAt, now + MOST_WAIT_MS);
    return Math.ceil(host.nextTurnAt - now);
  }

  /** @param timedOut whether it did not answer in time */
  end(name: string, durationMs: number, timedOut: boolean): void {
    const host = this.hosts.get(name);
    if (host) {
      host.active -= 1;
      host.isSlow = timedOut;
      host.durationMs += WEIGHT * (durationMs - host.durationMs);
    }
  }

  private add(name: string): Host {
    if (this.hosts.size >= MOST_IDLE) {
      this.forgetIdle();
    }
    const host = { active: 0, isSlow: false, durationMs: FIRST_GUESS_MS, nextTurnAt: 0 };
    this.hosts.set(name, host);
    return host;
  }

  private forgetIdle(): void {
    for (const [name, { active }] of this.hosts) {
      if (active === 0) {
        this.hosts.delete(name);
      }
    }
  }
}

function atOnce({ isSlow }: Host): number {
  return isSlow ? 1 : MOST_AT_ONCE;
}
