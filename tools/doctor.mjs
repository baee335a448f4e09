/** `npm run doctor`: can this host sandbox, what is missing, what does each missing piece cost. */
import { buildProjects } from './set-up/builds.mjs';
import { installNodePackages } from './set-up/node-packages.mjs';
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
  console.log(
    canSandbox
      ? '\nThis host can sandbox: npm start will run scripts in nsjail (BUILD=cloud).'
      : '\nThis host cannot sandbox: npm start will run scripts WITHOUT isolation (BUILD=local).',
  );
}

await runMain(async () => {
  // The examination itself is part of libs/sandbox.
  await installNodePackages();
  await buildProjects();
  const { askHost } = await import('./host.mjs');
  const report = await askHost();
  print(report);
  return report.canSandbox ? 0 : 1;
});
