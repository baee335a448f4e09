/** What verification finds: checks that hold or do not, and figures. */
import { note } from '../set-up/progress.mjs';

export class Findings {
  /** @type {{ what: string, value: string }[]} */
  figures = [];

  /** @param tally counts the checks */
  constructor(tally) {
    this.tally = tally;
  }

  /** One check; it holds when `work` ends without an error. Returns whether it did. */
  async check(name, work) {
    try {
      await work();
      this.tally.addCheck(name, true);
      return true;
    } catch (error) {
      // Whatever it is, it is told and counted, and the other checks go on.
      note(`FAILED: ${name}\n${indented(error.message)}`);
      this.tally.addCheck(name, false);
      return false;
    }
  }

  /** Runs a whole step; what goes wrong outside of its checks counts as one that failed. */
  async within(name, work) {
    try {
      await work();
    } catch (error) {
      note(`FAILED: ${name}\n${indented(error.stack)}`);
      this.tally.addCheck(name, false);
    }
  }

  figure(what, value) {
    this.figures.push({ what, value });
  }

  printFigures() {
    console.log('');
    for (const { what, value } of this.figures) {
      console.log(`${what.padEnd(56)} ${value}`);
    }
  }
}

function indented(text) {
  return text.replace(/^/gm, ' '.repeat(14));
}
