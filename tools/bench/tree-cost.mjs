/** What load costs the whole process tree of a service, CPU time and page faults, and which kind of process it costs. */
import { setTimeout as delay } from 'node:timers/promises';
import { isFork, roleOf, zygoteKindOf } from '../services/process-roles.mjs';
import { processTree } from '../services/processes.cjs';
import { costOf, mean, minus, plus, sumOf, times } from './process-cost.mjs';
import { TreeWatch } from './tree-watch.mjs';

/** The parts of a tree. `other` is nsjail, and what is not known. */
export const PARTS = ['service', 'supervisor', 'zygotes', 'spare', 'run', 'other'];

/** At rest is a tree that has used less than this in this time. */
const REST_NS = 1_000_000;
const REST_POLL_MS = 150;
/** A tree that does not come to rest is measured all the same: renewing a zygote takes less than this. */
const REST_TIMEOUT_MS = 3_000;

const PART_OF_ROLE = { API: 'service', supervisor: 'supervisor' };

function partOf(entry, apiPid) {
  if (isFork(entry)) {
    return 'forks';
  }
  const role = roleOf(entry, apiPid);
  return role?.startsWith('zygote') ? 'zygotes' : (PART_OF_ROLE[role] ?? 'other');
}

/** Everything in the tree, with what it has cost. */
function lookAt(apiPid) {
  return processTree(apiPid).flatMap((entry) => {
    const cost = costOf(entry.pid);
    return cost?.startTime === entry.startTime ? [{ ...entry, ...cost, part: partOf(entry, apiPid) }] : [];
  });
}

/** Ended processes are in it too, as their parents' ended children, whatever part they were of. */
function wholeOf(tree) {
  return sumOf(tree.map(({ own, ended }) => plus(own, ended)));
}

/** Waits until spares are renewed and warmed, and returns the tree. */
async function atRest(apiPid) {
  const deadline = performance.now() + REST_TIMEOUT_MS;
  let tree = lookAt(apiPid);
  for (;;) {
    await delay(REST_POLL_MS);
    const next = lookAt(apiPid);
    if (minus(wholeOf(next), wholeOf(tree)).ns < REST_NS || performance.now() > deadline) {
      return next;
    }
    tree = next;
  }
}

const isSame = (one, other) => one.pid === other.pid && one.startTime === other.startTime;

/** The mean cost of the spares that wait in trees at rest, which are all warmed. */
function restingSpare(kind, trees) {
  const spares = trees.flat().filter((entry) => entry.part === 'forks' && zygoteKindOf(entry) === kind);
  return mean(spares.map(({ own }) => own));
}

const partsIn = (tree, part) => tree.filter((entry) => entry.part === part);

/** Adds up what `after` has beyond `before`, by part. Forks that ended are in what the supervisor has of its children. */
function growthByPart(before, after, endedZygotes) {
  const own = (tree, part) => sumOf(partsIn(tree, part).map((entry) => entry.own));
  const growth = (part) => minus(own(after, part), own(before, part));
  const [first, last] = [before, after].map((tree) => partsIn(tree, 'supervisor')[0]);
  if (!last || !isSame(first, last)) {
    throw new Error('The jail was replaced while it was measured.');
  }
  // A zygote learns in forks of its own, while it starts, what it does for others later.
  const zygotesOf = (tree) => wholeOf(partsIn(tree, 'zygotes'));
  const ended = wholeOf(endedZygotes.map((zygote) => zygote.last));
  return {
    service: growth('service'),
    supervisor: growth('supervisor'),
    // One that ended is missing in `after`; it is given back, up to its last sight.
    zygotes: plus(minus(zygotesOf(after), zygotesOf(before)), ended),
    forks: plus(growth('forks'), minus(minus(last.ended, first.ended), ended)),
  };
}

/** Each run was a spare before: what forks took beyond that is the runs'. */
function partsOf({ forks, ...known }, { all, spares }) {
  const other = minus(all, sumOf([...Object.values(known), forks]));
  return { ...known, spare: spares, run: minus(forks, spares), other };
}

/**
 * Measures what `work` costs the tree, from rest to rest: the spares that it leaves behind are ready as those that it found.
 * @param zygoteKind that of the runs: bare, packages or figures
 * @param {() => Promise<{ answered: number }>} work `answered`: how many runs it had
 * @returns what `work` returned, with `cost`: { ms, faults } a run as `all`, and by part in `parts`, which is null where
 *   there is no warm jail
 */
export async function withCost(apiPid, zygoteKind, work) {
  const before = await atRest(apiPid);
  const [supervisor] = partsIn(before, 'supervisor');
  const watch = supervisor && new TreeWatch({ supervisor, zygotes: partsIn(before, 'zygotes'), zygoteKind });
  try {
    const result = await work();
    const spare = watch?.waitingSpare;
    const after = await atRest(apiPid);
    const all = minus(wholeOf(after), wholeOf(before));
    const aRun = ({ ns, faults }) => ({ ms: ns / 1e6 / result.answered, faults: faults / result.answered });
    if (!watch) {
      return { ...result, cost: { all: aRun(all), parts: null } };
    }
    const ended = watch.endedZygotes((zygote) => !after.some((entry) => isSame(entry, zygote)));
    const spares = times(spare ?? restingSpare(zygoteKind, [before, after]), result.answered);
    const parts = partsOf(growthByPart(before, after, ended), { all, spares });
    return { ...result, cost: { all: aRun(all), parts: mapParts(parts, aRun) } };
  } finally {
    watch?.stop();
  }
}

function mapParts(parts, map) {
  return Object.fromEntries(PARTS.map((part) => [part, map(parts[part])]));
}
