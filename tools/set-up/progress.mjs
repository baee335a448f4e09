/** Reports what is being done and how long it took. */

const startedAt = performance.now();
/** Name and seconds of each step that has ended. */
const taken = [];

/** Something is missing that the user must provide; the message says what, and what to do. */
export class SetUpError extends Error {}

function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

/** Runs one step and prints its name when it begins and its duration when it ends. */
export async function step(name, work) {
  const since = performance.now();
  process.stdout.write(`[${seconds(startedAt).padStart(7)}] ${name} ...\n`);
  const result = await work();
  taken.push({ name, seconds: (performance.now() - since) / 1000 });
  process.stdout.write(`[${seconds(startedAt).padStart(7)}] ${name}: done in ${seconds(since)}\n`);
  return result;
}

/** Prints what each step took. Steps that ran beside each other overlap, so their sum may be more than the whole. */
export function printTimes() {
  const row = (seconds, name) => `${seconds.toFixed(1).padStart(8)} s  ${name}\n`;
  const rows = taken.map(({ name, seconds }) => row(seconds, name));
  process.stdout.write(`\n${rows.join('')}${row((performance.now() - startedAt) / 1000, 'in all')}`);
}

export function note(text) {
  process.stdout.write(`${' '.repeat(10)}${text}\n`);
}

/** Runs a command line's main function; user errors end in one plain message. */
export async function runMain(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    process.stderr.write(`\n${error instanceof SetUpError ? error.message : error.stack}\n`);
    process.exitCode = 1;
  }
}
