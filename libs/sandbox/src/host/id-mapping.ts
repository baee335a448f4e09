import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** The user and group that a jail has outside: what its id 1000 stands for, or where it has no user namespace, its own. */
export interface OutsideIds {
  readonly uid: number;
  readonly gid: number;
}

/** Ids that follow one another, for one jail that gives each of its runs one of them. */
export interface OutsideIdRange {
  readonly first: OutsideIds;
  readonly count: number;
}

/** In the range that nothing hands out: above systemd's dynamic and container ids, below 2^31. */
const UNPRIVILEGED_BASE = 2_000_000_000;
/** The same within a container whose own map ends at 65535. */
const CONTAINER_BASE = 30_000;
/**
 * Each zygote that lives at the same time has a part of these, three kinds and their successors: more than the 5,000 runs
 * that one of them forks in its life, so that no id is used again while a run may still have it.
 */
const RANGE = 60_000;
const CONTAINER_RANGE = 35_000;
/**
 * Services on one machine may share its users (JAIL_PROFILE=no-user-namespace), whose threads the kernel counts together: so
 * each takes a part of them by chance. As many ranges as there are below 2^31; in a container, what is left of its map.
 */
const RANGES = 2_457;
const CONTAINER_SHIFTS = 500;

/**
 * Hands out outside ids. Root gives each concurrent jail an unprivileged id of its own, so that limits which the
 * kernel counts per user are not shared; an ordinary user can only map its own.
 */
export class OutsideIdPool {
  private readonly inUse = new Set<number>();
  private readonly base: number;
  private readonly isWide: boolean;

  constructor(
    private readonly own: OutsideIds = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 },
    uidMap: string = readUidMap(),
    /** Returns a whole number below this one. */
    chance: (below: number) => number = randomInt,
  ) {
    this.isWide =
      isMapped(UNPRIVILEGED_BASE, uidMap) && isMapped(UNPRIVILEGED_BASE + RANGES * RANGE - 1, uidMap);
    this.base = this.isWide
      ? UNPRIVILEGED_BASE + chance(RANGES) * RANGE
      : CONTAINER_BASE + chance(CONTAINER_SHIFTS);
  }

  /** Returns ids and the function that gives them back. */
  take(): { ids: OutsideIds; release: () => void } {
    if (this.own.uid !== 0) {
      return { ids: this.own, release: () => undefined };
    }
    let offset = 0;
    while (this.inUse.has(offset)) {
      offset++;
    }
    this.inUse.add(offset);
    const id = this.base + offset;
    return { ids: { uid: id, gid: id }, release: () => this.inUse.delete(offset) };
  }

  /** Returns all ids at once: one for an ordinary user, a range for root. */
  range(): OutsideIdRange {
    if (this.own.uid !== 0) {
      return { first: this.own, count: 1 };
    }
    const first = { uid: this.base, gid: this.base };
    return { first, count: this.isWide ? RANGE : CONTAINER_RANGE };
  }
}

/** The user that owns nothing, by convention. */
const NOBODY = 65_534;

/** Returns the ids that all runs share where each cannot have its own: ours, or where we are root, nobody's. */
export function unprivilegedIds(): OutsideIds {
  const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  return uid === 0 ? { uid: NOBODY, gid: NOBODY } : { uid, gid };
}

function readUidMap(): string {
  try {
    return readFileSync('/proc/self/uid_map', 'utf8');
  } catch {
    // No user namespaces, or not Linux: then there is no jail either.
    return '';
  }
}

/** Whether an id exists in this user namespace; the lines are `inside outside count`. */
function isMapped(id: number, uidMap: string): boolean {
  return uidMap.split('\n').some((line) => {
    const [inside, , count] = line.trim().split(/\s+/).map(Number);
    return inside !== undefined && count !== undefined && id >= inside && id < inside + count;
  });
}
