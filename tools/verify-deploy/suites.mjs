/** Runs the API's own black-box suites (apps/api-e2e) against a container. */
import { join } from 'node:path';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { REPORTS, ROOT } from '../set-up/places.mjs';
import { note } from '../set-up/progress.mjs';

const SUITE_SECONDS = 900;
/** Failures that are told; the report has them all. */
const MOST_SHOWN = 10;
const FOLDER = join(ROOT, 'apps/api-e2e');

/**
 * @param suite `smoke` (wants default settings) or `containment` (wants HOSTILE_SETTINGS, or those for gVisor)
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
    note(existsSync(report) ? failuresOf(report) : output.trim().slice(-4_000));
    note((await container.log()).slice(-3_000));
  }
  const failedBefore = findings.tally.failed;
  findings.tally.addJest(`${suite}: ${name}`, report);
  if (status !== 0 && findings.tally.failed === failedBefore) {
    findings.tally.addCheck(`${suite}: ${name} ends in order`, false);
  }
}

/** The tests that failed, each with the beginning of its reason. */
function failuresOf(report) {
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const failed = testResults.flatMap(({ message, assertionResults }) => {
    const tests = assertionResults.filter(({ status }) => status === 'failed');
    return tests.length > 0 || !message
      ? tests.map(({ fullName, failureMessages: [reason] }) => `${fullName}\n${reason.slice(0, 1_000)}`)
      : [message.slice(0, 2_000)];
  });
  return failed.slice(0, MOST_SHOWN).join('\n');
}

/** HOSTILE_SETTINGS of apps/api-e2e/src/containment: no policy in the way, limits that are met soon. */
export const HOSTILE_SETTINGS = { SCRIPT_POLICY: 'off', SCRIPT_TIMEOUT: '4', MAX_THREADS: '8' };
/** The same inside gVisor, where threads start slowly. */
export const HOSTILE_SETTINGS_GVISOR = { ...HOSTILE_SETTINGS, SCRIPT_TIMEOUT: '12' };
