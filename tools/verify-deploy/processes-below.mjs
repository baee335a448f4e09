/** What this machine sees of a container's processes. */
import { readdirSync, readFileSync } from 'node:fs';

/**
 * Returns { pid, uid, status, outsideOf } of a process and all below it: `status` is what /proc says, `outsideOf` tells
 * which id of this machine one inside its user namespace stands for (null: none).
 */
export function processesBelow(root) {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap(look);
  const below = new Set([root]);
  for (let known = 0; known < below.size;) {
    known = below.size;
    all.filter(({ status }) => below.has(Number(status.PPid))).forEach(({ pid }) => below.add(pid));
  }
  return all.filter(({ pid }) => below.has(pid));
}

function look(name) {
  try {
    const lines = readFileSync(`/proc/${name}/status`, 'utf8').trim().split('\n');
    const status = Object.fromEntries(lines.map((line) => line.split(/:\s*/)));
    const map = readFileSync(`/proc/${name}/uid_map`, 'utf8');
    const [uid] = status.Uid.split('\t').map(Number);
    return [{ pid: Number(name), uid, status, outsideOf: (inside) => outsideId(map, inside) }];
  } catch {
    // It has ended meanwhile.
    return [];
  }
}

/** The lines of a map are `inside outside count`. */
function outsideId(map, inside) {
  for (const line of map.trim().split('\n')) {
    const [first, outside, count] = line.trim().split(/\s+/).map(Number);
    if (inside >= first && inside < first + count) {
      return outside + inside - first;
    }
  }
  return null;
}
