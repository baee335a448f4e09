/** Does the faults of a proof, each when so many executions have ended. */
import { setTimeout as delay } from 'node:timers/promises';
import { note } from '../../set-up/progress.mjs';

const POLL_MS = 20;

export class Breaker {
  /** Those that were done. */
  done = [];
  #isOver = false;

  /** @param {import('./fleet.mjs').Fleet} fleet @param {() => number} progress from 0 to 1 */
  constructor(fleet, progress) {
    this.fleet = fleet;
    this.progress = progress;
  }

  /** Does one after the other: the next may come while the last one is still away, unless it is for the same victim. */
  async run(faults) {
    const busy = new Map();
    for (const fault of faults) {
      const name = `${fault.victim} ${fault.index}`;
      while (this.progress() < fault.at && !this.#isOver) {
        await delay(POLL_MS);
      }
      await busy.get(name);
      if (this.#isOver) {
        break;
      }
      busy.set(name, this.#do(fault));
    }
    await Promise.all(busy.values());
  }

  abandon() {
    this.#isOver = true;
  }

  async #do(fault) {
    const { victim, index, how, downMs } = fault;
    const member = this.fleet.memberOf(victim, index);
    note(`${(this.progress() * 100).toFixed(0)} %: ${how} ${member.name} for ${downMs} ms`);
    if (how === 'kill') {
      await member.kill();
      await delay(downMs);
      await member.start();
    } else {
      member.signal('SIGSTOP');
      await delay(downMs);
      member.signal('SIGCONT');
    }
    this.done.push(fault);
  }
}
