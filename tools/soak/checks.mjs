/** Compares what there was before the runs with what there is after them. */

const MAX_GROWTH = 0.05;
const MB = 1e6;

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
    if (before === null || after === null) {
      this.add(name, 'not visible to this user', null);
    } else {
      this.add(
        name,
        before === after ? `${after}, as before` : `${before} before, ${after} after`,
        before === after,
      );
    }
  }

  /** The bytes must not have grown by 5 % or more. */
  steady(name, before, after) {
    if (before === null || after === null) {
      this.add(name, 'not visible to this user', null);
    } else {
      const growth = after / before - 1;
      this.add(name, growthText(before, after), growth < MAX_GROWTH);
    }
  }
}

export function compareCensuses(checks, before, after) {
  checks.add(
    'calm after the runs',
    after.isCalm ? 'yes' : 'processes or descriptors keep changing',
    after.isCalm,
  );
  for (const role of ['API', 'nsjail', 'supervisor'].filter((one) => one in before.pids)) {
    checks.same(`pid of the ${role} (it was not lost)`, before.pids[role], after.pids[role] ?? 'none');
  }
  checks.same("processes of the server's tree", before.processes, after.processes);
  checks.same('zombies', 0, after.zombies);
  if ('nsjail' in before.pids) {
    checks.same("processes in the jail's network namespace", before.inJail, after.inJail);
  }
  const added = after.hostMounts.filter((mount) => !before.hostMounts.includes(mount));
  checks.add(
    'mounts of the host',
    `${before.hostMounts.length} before, ${after.hostMounts.length} after${added.length ? `: ${added.join(', ')}` : ''}`,
    after.hostMounts.length <= before.hostMounts.length,
  );
  for (const [what, figures] of [
    ['mounts seen by', 'mounts'],
    ['open descriptors of', 'descriptors'],
    ['files in /tmp and /dev/shm of', 'jailFiles'],
  ]) {
    for (const role of Object.keys(before[figures])) {
      checks.same(`${what} the ${role}`, before[figures][role], after[figures][role] ?? null);
    }
  }
  checks.same("files in the server's folder in /tmp", before.folderFiles, after.folderFiles);
}

export function compareMemory(checks, before, after) {
  checks.steady('memory of the whole tree (Pss, without files)', before.anonymous, after.anonymous);
  checks.steady("memory of the service's own processes (Rss)", before.ownRss, after.ownRss);
  showMemory(before.own, after.own);
  if (before.apiRssBefore !== null && after.apiRssBefore !== null) {
    console.log(`      API rss with its garbage: ${growthText(before.apiRssBefore, after.apiRssBefore)}`);
  }
}

function showMemory(before, after) {
  for (const role of Object.keys(before).filter((one) => one in after)) {
    for (const kind of ['pss', 'rss']) {
      const [old, now] = [before[role][kind], after[role][kind]];
      if (old !== null && now !== null) {
        console.log(`      ${role} ${kind}: ${growthText(old, now)}`);
      }
    }
  }
}

function growthText(before, after) {
  const percent = ((after / before - 1) * 100).toFixed(1);
  return `${(before / MB).toFixed(1)} MB before, ${(after / MB).toFixed(1)} MB after (${percent} %)`;
}
