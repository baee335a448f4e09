/** Another commit of this repository, built in a folder of its own, to be measured beside this one. */
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { endSeparately, endTogether, run } from '../set-up/commands.mjs';
import { MADE, RECORD, ROOT } from '../set-up/places.mjs';
import { note, SetUpError, step } from '../set-up/progress.mjs';

/** Not under version control, and so outside of what is formatted, linted, built and tested here. */
const CHECKOUTS = join(MADE, 'against');

async function git(...args) {
  const { status, output } = await run('git', args);
  if (status !== 0) {
    throw new SetUpError(`git ${args.join(' ')} failed:\n${output.trim()}`);
  }
  return output.trim();
}

async function resolveCommit(name) {
  const { status, output } = await run('git', ['rev-parse', '--verify', '--quiet', `${name}^{commit}`]);
  if (status !== 0) {
    throw new SetUpError(`There is no commit ${name} here.`);
  }
  return output.trim();
}

/** A clone, not a worktree: it leaves nothing behind in the repository when somebody removes the folder. */
async function checkOut(commit, folder) {
  const unfinished = `${folder}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  await git('clone', '--quiet', '--no-checkout', ROOT, unfinished);
  await git('-C', unfinished, 'checkout', '--quiet', '--detach', commit);
  renameSync(unfinished, folder);
}

/**
 * Checks a commit out and has it set itself up, as far as that has not been done before.
 * @param asBuilt no set-up: it must have been done before
 * @returns an installation: { name, root, record }
 */
export async function prepareCommit(name, { asBuilt }) {
  if (process.env.SANDBOX_ROOT) {
    throw new SetUpError(
      'With SANDBOX_ROOT both commits would use the same sandbox: unset it to compare them.',
    );
  }
  const commit = await resolveCommit(name);
  const shortName = await git('rev-parse', '--short', commit);
  const root = join(CHECKOUTS, commit);
  if (!existsSync(root)) {
    await checkOut(commit, root);
  }
  if (!asBuilt) {
    await step(`Setting up ${shortName} in ${root}`, () => setUpIn(root));
  }
  return { name: shortName, root, record: recordIn(root) };
}

async function setUpIn(root) {
  endTogether();
  const { status } = await run(process.execPath, ['tools/setup.mjs'], { cwd: root, show: true });
  endSeparately();
  if (status !== 0) {
    throw new SetUpError('The other commit could not be set up. The lines above tell why.');
  }
}

function recordIn(root) {
  const file = join(root, RECORD.slice(ROOT.length));
  if (!existsSync(file)) {
    throw new SetUpError(`There is no set-up in ${root}. Leave out --as-built.`);
  }
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Returns this checkout as an installation. */
export async function thisInstallation(record) {
  const commit = await git('rev-parse', '--short', 'HEAD');
  const hasChanges = (await git('status', '--porcelain', '--untracked-files=no')) !== '';
  return { name: hasChanges ? `${commit} with changes` : commit, root: ROOT, record };
}

/** Says which interpreters are compared: each commit's set-up chooses its own. */
export async function noteInterpreters({ name, node, record }) {
  const [python, nodeVersion] = await Promise.all([
    run(record.python, ['-V']),
    run(node ?? process.execPath, ['-v']),
  ]);
  note(`${name}: ${python.output.trim()} (${record.python}), Node ${nodeVersion.output.trim()}`);
}
