/** Runs the API's own black-box suites (apps/api-e2e) against a container. */
import { join } from 'node:path';
import { rmSync } from 'node:fs';
import { REPORTS, ROOT } from '../set-up/places.mjs';
import { note } from '../set-up/progress.mjs';

const SUITE_SECONDS = 900;
const FOLDER = join(ROOT, 'apps/api-e2e');

/**
 * @param suite `smoke` (wants default settings) or `containment` (wants HOSTILE_SETTINGS)
 * @param name what it is called in the tally
 */
export async function runSuite(findings, { suite, name, container, url, environment = {} }) {
  const report = join(REPORTS, `deployed-${name.replaceAll(/\W+/g, '-')}.json`);
  rmSync(report, { force: true });
  const jest = [join(ROOT, 'node_modules/jest/bin/jest.js'), '--config', 'jest.deployed.config.cjs', suite];
  const { status, output } = await container.runInNetwork(
    SUITE_SECONDS,
    [process.execPath, ...jest, '--json', '--outputFile', report],
    { cwd: FOLDER, env: { ...process.env, PYCELL_BASE_URL: url, ...environment } },
  );
  if (status !== 0) {
    note(failuresOf(output));
    note((await container.log()).slice(-3_000));
  }
  const failedBefore = findings.tally.failed;
  findings.tally.addJest(`${suite}: ${name}`, report);
  if (status !== 0 && findings.tally.failed === failedBefore) {
    findings.tally.addCheck(`${suite}: ${name} ends in order`, false);
  }
}

/** What jest says of the tests that failed, without the report in JSON that it prints besides. */
function failuresOf(output) {
  return output
    .split('\n')
    .filter((line) => !line.startsWith('{"'))
    .join('\n')
    .trim()
    .slice(0, 12_000);
}

/** HOSTILE_SETTINGS of apps/api-e2e/src/containment: no policy in the way, limits that are met soon. */
export const HOSTILE_SETTINGS = { SCRIPT_POLICY: 'off', SCRIPT_TIMEOUT: '4', MAX_THREADS: '8' };
