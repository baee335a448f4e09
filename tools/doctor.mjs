/** `npm run doctor`: can this host sandbox, what is missing, what does each missing piece cost. */
import { existsSync } from 'node:fs';
import { buildProjects } from './set-up/builds.mjs';
import { installNodePackages } from './set-up/node-packages.mjs';
import { loadSettings, RECORD } from './set-up/places.mjs';
import { runMain } from './set-up/progress.mjs';

const SIGNS = { ok: 'ok     ', limited: 'limited', missing: 'MISSING' };

function print({ checks, canSandbox }) {
  for (const { name, status, found, cost, remedy } of checks) {
    console.log(`${SIGNS[status]}  ${name.padEnd(16)} ${found}`);
    for (const [label, text] of Object.entries({ cost, remedy })) {
      if (text) {
        console.log(`${' '.repeat(26)}${label}: ${text}`);
      }
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
  const report = await askHost();
  print(report);
  return report.canSandbox ? 0 : 1;
});
