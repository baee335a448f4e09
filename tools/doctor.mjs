/** `npm run doctor`: can this host sandbox, what is missing, what does each missing piece cost. */
import { existsSync } from 'node:fs';
import { buildProjects } from './set-up/builds.mjs';
import { installNodePackages } from './set-up/node-packages.mjs';
import { loadSettings, RECORD } from './set-up/places.mjs';
import { runMain, SetUpError } from './set-up/progress.mjs';
import { describePython, findPython } from './set-up/python.mjs';

const SIGNS = { ok: 'ok     ', limited: 'limited', missing: 'MISSING' };

/** What the set-up takes, or would take; null where there is nothing for it. */
async function choiceOfPython() {
  try {
    return await findPython({ mayInstall: false });
  } catch (error) {
    if (error instanceof SetUpError) return null; // the check of Python tells
    throw error;
  }
}

/** Lines below the check of the Python that is in use: why it is this one, or which is next. */
function remarksOnPython(inUse, { chosen, passedOver }) {
  const isChosen = inUse.includes(`(${chosen.path})`);
  return [
    isChosen ? `chosen: ${chosen.where}` : `npm run setup takes ${describePython(chosen)}, ${chosen.where}`,
    ...passedOver.map((python) => `passed over: ${describePython(python)}: ${python.reason}`),
  ];
}

function print({ checks, canSandbox }, choice) {
  for (const { name, status, found, cost, remedy } of checks) {
    console.log(`${SIGNS[status]}  ${name.padEnd(16)} ${found}`);
    const lines = Object.entries({ cost, remedy }).filter(([, text]) => text);
    const remarks = name === 'Python' && choice ? remarksOnPython(found, choice) : [];
    for (const line of [...remarks, ...lines.map(([label, text]) => `${label}: ${text}`)]) {
      console.log(`${' '.repeat(26)}${line}`);
    }
  }
  console.log(`\n${verdict({ checks, canSandbox })}`);
}

/** Made by the set-up: missing ones say nothing about the host. */
const MADE_BY_SET_UP = new Set(['nsjail', 'sandbox root']);

function verdict({ checks, canSandbox }) {
  if (canSandbox) {
    return 'This host can sandbox: npm start will run scripts in nsjail (BUILD=cloud).';
  }
  const missing = checks.filter(({ status }) => status === 'missing').map(({ name }) => name);
  if (missing.includes('Python')) {
    return 'Without Python nothing runs: npm start will stop and say so.';
  }
  if (missing.every((name) => MADE_BY_SET_UP.has(name)) && !existsSync(RECORD)) {
    return 'Not set up yet: npm run setup (or npm start) makes what is missing. Then ask again.';
  }
  return 'This host cannot sandbox: npm start will run scripts WITHOUT isolation (BUILD=local).';
}

await runMain(async () => {
  loadSettings();
  // The examination itself is part of libs/sandbox.
  await installNodePackages();
  await buildProjects();
  const { askHost } = await import('./host.mjs');
  const choice = await choiceOfPython();
  // Before the set-up its choice is what would be used.
  const report = await askHost(existsSync(RECORD) ? process.env.PYTHON : choice?.chosen.path);
  print(report, choice);
  return report.canSandbox ? 0 : 1;
});
