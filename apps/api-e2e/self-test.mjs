/**
 * `npm run selftest -- --url URL`: installs and builds what the program needs, which is no sandbox, and runs it. What is
 * going on is told on stderr, the report goes to stdout. With --as-built nothing is installed or built before.
 */
import { fileURLToPath } from 'node:url';
import { nx } from '../../tools/set-up/builds.mjs';
import { installNodePackages } from '../../tools/set-up/node-packages.mjs';
import { note, SetUpError, step } from '../../tools/set-up/progress.mjs';

const PROGRAM = new URL('../../dist/self-test/apps/api-e2e/src/self-test/main.js', import.meta.url);

const AS_BUILT = '--as-built';

async function prepare() {
  const write = process.stdout.write.bind(process.stdout);
  // The set-up reports on stdout, where a program may be waiting for JSON.
  process.stdout.write = process.stderr.write.bind(process.stderr);
  try {
    await installNodePackages();
    await step('Building the self-test', async () => {
      const { status, output } = await nx('build-self-test');
      if (status !== 0) {
        note(output.trim());
        throw new SetUpError('The build failed. The lines above tell why.');
      }
    });
  } finally {
    process.stdout.write = write;
  }
}

try {
  const args = process.argv.slice(2);
  if (!args.includes(AS_BUILT)) {
    await prepare();
  }
  const { main } = await import(fileURLToPath(PROGRAM));
  const own = args.filter((arg) => arg !== AS_BUILT);
  process.exitCode = await main(own, {
    report: (text) => process.stdout.write(text),
    progress: (text) => process.stderr.write(`${text}\n`),
  });
} catch (error) {
  process.stderr.write(`${error instanceof SetUpError ? error.message : error.stack}\n`);
  process.exitCode = 2;
}
