/** Tells a person what is being done and how long it took. */

const startedAt = performance.now();

/** Something is missing that the person must provide; the message says what and what to do. */
export class SetUpError extends Error {}

export function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

/** Runs one step and prints its name when it begins and its duration when it ends. */
export async function step(name, work) {
  const since = performance.now();
  process.stdout.write(`[${seconds(startedAt).padStart(7)}] ${name} ...\n`);
  const result = await work();
  process.stdout.write(`[${seconds(startedAt).padStart(7)}] ${name}: done in ${seconds(since)}\n`);
  return result;
}

export function note(text) {
  process.stdout.write(`${' '.repeat(10)}${text}\n`);
}

/** Runs a command line's main function; problems of the person's own end in one plain message. */
export async function runMain(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    process.stderr.write(`\n${error instanceof SetUpError ? error.message : error.stack}\n`);
    process.exitCode = 1;
  }
}
