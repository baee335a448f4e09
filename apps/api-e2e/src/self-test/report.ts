import type { MetadataResponse } from '@pycell/contracts';
import type { AttemptReport, Verdict } from './attempts';

/** 0: all was held. 1: something was not, or there is no isolation. 2: the service could not be asked, or not about all. */
export type ExitCode = 0 | 1 | 2;

/** What was found. */
export interface SelfTestReport {
  readonly url: string;
  readonly service: MetadataResponse;
  readonly attempts: readonly AttemptReport[];
}

const NOT_ISOLATED = 'not isolated: for development';

function count({ attempts }: SelfTestReport, verdict: Verdict): number {
  return attempts.filter((attempt) => attempt.verdict === verdict).length;
}

export function exitCodeOf(report: SelfTestReport): ExitCode {
  if (report.service.isolation === 'none' || count(report, 'BREACHED') > 0) {
    return 1;
  }
  return count(report, 'unproved') > 0 ? 2 : 0;
}

/** The verdict in one sentence. */
export function verdictOf(report: SelfTestReport): string {
  if (report.service.isolation === 'none') {
    return `${NOT_ISOLATED}. Nothing was tried: scripts have the rights of the service.`;
  }
  const breached = count(report, 'BREACHED');
  if (breached > 0) {
    return `BREACHED: ${breached} of ${report.attempts.length} attempts succeeded. Take the service out of use.`;
  }
  const unproved = count(report, 'unproved');
  if (unproved > 0) {
    return `not proved: ${unproved} of ${report.attempts.length} attempts got no answer that tells.`;
  }
  return count(report, 'held by the jail') === 0
    ? 'held by the policy only: no attempt reached the jail, of which this says nothing.'
    : 'held: no attempt succeeded.';
}

/** The report for people: a line for each attempt, grouped by theme. */
export function tableOf(report: SelfTestReport): string {
  const { attempts } = report;
  const width = Math.max(0, ...attempts.map(({ name }) => name.length));
  const themes = [...new Set(attempts.map(({ theme }) => theme))];
  const groups = themes.flatMap((theme) => [
    '',
    `A script ${theme}`.replace(/^A script (?=refuses)/, 'The script policy '),
    ...attempts
      .filter((attempt) => attempt.theme === theme)
      .map(
        ({ name, verdict, detail }) =>
          `  ${name.padEnd(width)}  ${verdict}${detail ? `: ${clean(detail)}` : ''}`,
      ),
  ]);
  const counted =
    `${attempts.length} attempts: ${count(report, 'held by the jail')} held by the jail, ` +
    `${count(report, 'held by the policy (jail not asked)')} held by the policy, ` +
    `${count(report, 'BREACHED')} breached, ${count(report, 'unproved')} unproved`;
  return [...factsOf(report), ...groups, '', counted, `Verdict: ${verdictOf(report)}`, ''].join('\n');
}

/** The report for programs. */
export function jsonOf(report: SelfTestReport): string {
  const { url, service, attempts } = report;
  const { version, environment, isolation, python, limits, scriptPolicy, selfTest } = service;
  return `${JSON.stringify(
    {
      url,
      verdict: verdictOf(report),
      exitCode: exitCodeOf(report),
      service: {
        version,
        environment,
        isolation,
        python: python.version,
        scriptPolicy: scriptPolicy.mode,
        limits,
        selfTest,
      },
      attempts,
    },
    null,
    2,
  )}\n`;
}

function factsOf({ url, service }: SelfTestReport): string[] {
  const { version, isolation, python, limits, scriptPolicy, selfTest } = service;
  const proved = selfTest.passed ? 'passed' : 'not passed';
  return [
    clean(`pycell ${version} at ${url}`),
    clean(
      `isolation ${isolation}, Python ${python.version ?? 'not known'}, script policy ${scriptPolicy.mode}, ` +
        `own self-test ${proved}${selfTest.at ? ` at ${selfTest.at}` : ''}`,
    ),
    clean(
      `limits of a run: ${limits.timeoutSeconds} s, ${limits.memoryLimitMb} MB, ${limits.maxThreads} threads, ` +
        `${limits.maxOpenFiles} open files, /tmp of ${limits.tmpSizeMb} MB`,
    ),
  ];
}

/** What comes from the service goes to a terminal: without sequences that would act there. */
function clean(text: string): string {
  return text.replace(/[^\P{C} ]/gu, '?').slice(0, 500);
}
