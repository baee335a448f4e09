/** Runs the API's own black-box suites, apps/api-e2e. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from '../set-up/commands.mjs';
import { REPORTS, ROOT } from '../set-up/places.mjs';
import { runFor } from './programs.mjs';

const SUITE_SECONDS = 900;
const JEST = join(ROOT, 'node_modules/jest/bin/jest.js');

/**
 * @param suite `smoke` (wants default settings) or `containment` (wants hostileOptions())
 * @param service { engine, url, log() }
 * @param environment of the suite: PYCELL_BUILD, PYCELL_JAIL_PROFILE, PYCELL_JAIL_PER_RUN
 */
export async function runSuite(findings, suite, name, service, environment = {}) {
  const env = { ...process.env, PYCELL_BASE_URL: service.url, ...environment };
  await runJest(findings, `${suite}: ${name}`, `deployed-${suite}-${name}`, async (...args) => {
    const command = [process.execPath, JEST, '--config', 'jest.deployed.config.cjs', suite, ...args];
    const cwd = join(ROOT, 'apps/api-e2e');
    const { status, output } = await service.engine.inNetwork(SUITE_SECONDS, command, { cwd, env });
    return { status, output: status === 0 ? output : `${output}\n${await service.log()}` };
  });
}

/** The end-to-end suite of the API by another Node, that of the images; of its long proofs a sample. */
export async function runEndToEnd(findings, node) {
  await npm(['run', 'setup']);
  const env = { ...process.env, PYCELL_PROOF: 'sample' };
  await runJest(findings, 'the end-to-end suite under the Node of the images', 'api-e2e-node', (...args) =>
    runFor(SUITE_SECONDS, node, [JEST, '--config', 'apps/api-e2e/jest.config.cjs', ...args], { env }),
  );
}

async function runJest(findings, name, reportName, start) {
  const report = join(REPORTS, `${reportName.replaceAll(/\W+/g, '-')}.json`);
  rmSync(report, { force: true });
  const { status, output } = await start('--json', '--outputFile', report);
  findings.tally.addJest(name, report);
  if (status !== 0) {
    await findings.check(`${name}: it ends without an error`, () =>
      Promise.reject(new Error(output.slice(-6_000))),
    );
  }
}

/** As options of `docker run`: HOSTILE_SETTINGS of apps/api-e2e/src/containment, no policy and limits that are met soon. */
export function hostileOptions(more) {
  const settings = { SCRIPT_POLICY: 'off', SCRIPT_TIMEOUT: 8, MAX_THREADS: 8, ...more };
  return Object.entries(settings)
    .map(([name, value]) => `--env ${name}=${value}`)
    .join(' ');
}
