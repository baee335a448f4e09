/**
 * Long proofs run whole in `npm run prove`; elsewhere a sample of them runs, another one each time. PYCELL_SEED repeats a
 * sample, PYCELL_PROOF=sample asks for one: without it, all runs.
 */
const { randomInt } = require('node:crypto');

/** The seed of this process and those that it starts: PYCELL_SEED where that is a whole number, else a random one. */
function chooseSeed() {
  if (!/^\d{1,9}$/.test(process.env['PYCELL_SEED'] ?? '')) {
    process.env['PYCELL_SEED'] = String(randomInt(1e9));
  }
  return Number(process.env['PYCELL_SEED']);
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). @param {number} seed @returns {() => number} */
function seededRandom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** The same entries in an order that has no pattern. @template T @param {readonly T[]} entries @param {() => number} random */
function shuffled(entries, random) {
  const keyed = entries.map((entry) => ({ entry, key: random() }));
  return keyed.sort((one, other) => one.key - other.key).map(({ entry }) => entry);
}

/**
 * The entries of a long proof that run here, in their own order.
 * @template T
 * @param {readonly T[]} entries
 * @param {number} share from 0 to 1; at least one entry runs
 * @param {string} proof name of the proof: two proofs of as many entries sample differently
 * @returns {readonly T[]}
 */
function sampled(entries, share, proof) {
  if (process.env['PYCELL_PROOF'] !== 'sample') {
    return entries;
  }
  const salt = [...proof].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) | 0, 0);
  const count = Math.max(1, Math.ceil(entries.length * share));
  const chosen = new Set(shuffled(entries, seededRandom(chooseSeed() ^ salt)).slice(0, count));
  return entries.filter((entry) => chosen.has(entry));
}

module.exports = { chooseSeed, sampled, seededRandom, shuffled };
