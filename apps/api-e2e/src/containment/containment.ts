import type { Environment } from '../harness/api-server';
import type { HttpClient } from '../harness/http-client';
import { BETWEEN_RUNS } from './between-runs';
import type { ContainmentCase, ContainmentOutcome } from './containment-case';
import { FILES } from './files';
import { HOST_VIEW } from './host-view';
import { MEMORY } from './memory';
import { PROCESSES } from './processes';
import { SYSTEM_CALLS } from './system-calls';

const THEMES = [HOST_VIEW, FILES, PROCESSES, MEMORY, SYSTEM_CALLS, BETWEEN_RUNS];

/** What a service must be started with for its jail to be attacked: no policy in the way, and limits that are met soon. */
export const HOSTILE_SETTINGS = {
  SCRIPT_POLICY: 'off',
  SCRIPT_TIMEOUT: '4',
  MAX_THREADS: '8',
} as const satisfies Environment;

/** The same inside gVisor, where each of the threads that a run may start is traced by Debian's release of it, and takes 10 ms. */
export const HOSTILE_SETTINGS_GVISOR = {
  ...HOSTILE_SETTINGS,
  SCRIPT_TIMEOUT: '12',
} as const satisfies Environment;

/** Defines the whole corpus of hostile scripts, which tell by their answers alone what they could do. */
export function describeContainment(
  client: () => HttpClient,
  { isWarm, isInsideGvisor = false }: { readonly isWarm: boolean; readonly isInsideGvisor?: boolean },
): void {
  const outcomeOf = ({ outcome, insideGvisor }: ContainmentCase): ContainmentOutcome =>
    (isInsideGvisor ? insideGvisor : undefined) ?? outcome;
  describe.each(THEMES.map((theme) => [theme.theme, theme] as const))('%s', (_name, theme) => {
    const cases = theme.cases.filter((entry) => isWarm || !entry.warmOnly);
    it.each(cases.map((entry) => [entry.name, entry] as const))('%s', (_case, entry) =>
      expectContained(client(), entry.script, outcomeOf(entry)),
    );
  });
}

async function expectContained(
  client: HttpClient,
  script: string,
  outcome: ContainmentOutcome,
): Promise<void> {
  const { body } = await client.execute(script);
  if ('returns' in outcome) {
    expect({ code: body.code, error: body.error, result: body.result }).toEqual({
      result: outcome.returns,
    });
  } else {
    expect(outcome.fails).toContain(body.code);
    expect(body.error).toMatch(outcome.error ?? /./);
  }
}
