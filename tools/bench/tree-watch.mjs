/** Samples a process tree under load: its readings before and after do not tell the CPU time of spares from that of runs. */
import { readdirSync } from 'node:fs';
import { clearInterval, setInterval } from 'node:timers';
import { isFork, zygoteKindOf } from '../services/process-roles.mjs';
import { readProcess } from '../services/processes.cjs';
import { costOf, mean } from './process-cost.mjs';

/** Often enough to see spares wait; what a zygote that ends has used since the last look counts as its forks'. */
const WATCH_MS = 100;
/** With fewer looks at waiting spares their mean says little. */
const MIN_SAMPLES = 5;

/**
 * Follows zygotes until they end, when the supervisor has their cost among that of its ended children; and spares while
 * they wait: how many of them were warmed before their script came depends on the load.
 */
export class TreeWatch {
  #supervisor;
  #zygoteKind;
  #zygotes;
  #timer;
  /** Of each process that was seen: whether it is a fork of our zygote. The host has many others. */
  #isOurs = new Map();
  #waiting = [];

  constructor({ supervisor, zygotes, zygoteKind }) {
    this.#supervisor = supervisor;
    this.#zygoteKind = zygoteKind;
    this.#zygotes = zygotes.map((before) => ({ before, last: before }));
    this.#timer = setInterval(() => this.#look(), WATCH_MS);
  }

  stop() {
    clearInterval(this.#timer);
  }

  /** Returns { before, last } of the zygotes for which `isGone`. */
  endedZygotes(isGone) {
    return this.#zygotes.filter(({ before }) => isGone(before));
  }

  /** Returns the mean cost of the spares that were seen to wait; null where they were too few. */
  get waitingSpare() {
    return this.#waiting.length >= MIN_SAMPLES ? mean(this.#waiting) : null;
  }

  #look() {
    for (const zygote of this.#zygotes) {
      const cost = costOf(zygote.before.pid);
      if (cost?.startTime === zygote.before.startTime) {
        zygote.last = { ...zygote.before, ...cost };
      }
    }
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    this.#waiting.push(...pids.flatMap((pid) => this.#waitingCost(pid)));
  }

  /** A fork that sleeps waits for its script, but for the moments in which a run waits for its own end to be noticed. */
  #waitingCost(pid) {
    if (this.#isOurs.get(pid) === false) {
      return [];
    }
    const entry = readProcess(Number(pid));
    if (!this.#isOurs.has(pid) && entry !== null) {
      // A fork that does not lead its session yet is looked at again.
      const isBelow = entry.parent === this.#supervisor.pid && zygoteKindOf(entry) === this.#zygoteKind;
      if (!isBelow || isFork(entry)) {
        this.#isOurs.set(pid, isBelow);
      }
    }
    const cost = entry?.state === 'S' && this.#isOurs.get(pid) ? costOf(entry.pid) : null;
    return cost === null ? [] : [cost.own];
  }
}
