/** Compares what there was before the runs with what there is after them. */

const MAX_GROWTH = 0.05;
const MB = 1e6;
/** What a thread that judges scripts has of the API's descriptors. One starts, and ends, as the machine is slow or is not. */
const DESCRIPTORS_OF_THREAD = 5;

/** Collects checks: prints each with its figure, and remembers whether one failed. */
export class Checks {
  #counts = { PASS: 0, FAIL: 0, SKIP: 0 };

  get hasFailed() {
    return this.#counts.FAIL > 0;
  }

  get summary() {
    const { PASS, FAIL, SKIP } = this.#counts;
    return `${PASS} passed, ${FAIL} failed${SKIP ? `, ${SKIP} skipped` : ''}`;
  }

  /** `passed` null: it could not be looked at, which is said and is no failure. */
  add(name, figure, passed) {
    const verdict = passed === null ? 'SKIP' : passed ? 'PASS' : 'FAIL';
    this.#counts[verdict]++;
    console.log(`${verdict}  ${name}: ${figure}`);
  }

  /** The figure must be what it was; null is one that this user may not see. */
  same(name, before, after) {
    const isSame = before === after;
    this.#compare(
      name,
      before,
      after,
      isSame ? `${after}, as before` : `${before} before, ${after} after`,
      isSame,
    );
  }

  /** The bytes must not have grown by 5 % or more. */
  steady(name, before, after) {
    this.#compare(name, before, after, growthText(before, after), after / before - 1 < MAX_GROWTH);
  }

  #compare(name, before, after, figure, passed) {
    const isSeen = before !== null && after !== null;
    this.add(name, isSeen ? figure : 'not visible to this user', isSeen ? passed : null);
  }
}

export function compareCensuses(checks, before, after) {
  checks.add(
    'calm after the runs',
    after.isCalm ? 'yes' : 'processes or descriptors keep changing',
    after.isCalm,
  );
  checks.same('zombies', 0, after.zombies);
  const added = after.hostMounts.filter((mount) => !before.hostMounts.includes(mount));
  checks.add(
    'mounts of the host',
    `${before.hostMounts.length} before, ${after.hostMounts.length} after${added.length ? `: ${added.join(', ')}` : ''}`,
    after.hostMounts.length <= before.hostMounts.length,
  );
  for (const [name, figure] of Object.entries(before.figures)) {
    const more =
      name === 'open descriptors of the API' ? DESCRIPTORS_OF_THREAD * (after.threads - before.threads) : 0;
    checks.same(
      name,
      figure === null ? null : figure + more,
      name in after.figures ? after.figures[name] : 'none',
    );
  }
}

export function compareMemory(checks, before, after) {
  checks.steady('memory of the whole tree (Pss, without files)', before.anonymous, after.anonymous);
  checks.steady("memory of the service's own processes (Rss)", before.ownRss, after.ownRss);
}

function growthText(before, after) {
  const percent = ((after / before - 1) * 100).toFixed(1);
  return `${(before / MB).toFixed(1)} MB before, ${(after / MB).toFixed(1)} MB after (${percent} %)`;
}
