/** What verification finds: checks that hold or do not. */
import { Tally } from '../checks/tally.mjs';
import { note, printTimes, step } from '../set-up/progress.mjs';

export class Findings {
  tally = new Tally();

  /** One check; it holds when `work` ends without an error. Returns whether it did. */
  async check(name, work) {
    try {
      await work();
      this.tally.addCheck(name, true);
      return true;
    } catch (error) {
      // Whatever it is, it is told and counted, and the other checks go on.
      note(`FAILED: ${name}\n${error.stack.replace(/^/gm, ' '.repeat(14))}`);
      this.tally.addCheck(name, false);
      return false;
    }
  }

  /** Runs a step; what fails outside of its checks counts as one that failed. Returns whether nothing did. */
  async step(name, work) {
    const failure = await step(name, work).catch((error) => error ?? name);
    return !failure || this.check(name, () => Promise.reject(failure));
  }

  print() {
    printTimes();
    this.tally.print();
  }
}
