import { API_PATHS } from '@pycell/contracts';
import type { Environment } from '../harness/api-server';
import type { HttpClient } from '../harness/http-client';
import { sampled } from '../harness/sampling';
import { BETWEEN_RUNS } from './between-runs';
import { hostile, type ContainmentCase, type ContainmentOutcome } from './containment-case';
import { ARTIFACTS } from './artifacts';
import { FILES } from './files';
import { HOST_FACTS } from './host-facts';
import { HOST_VIEW } from './host-view';
import { KERNEL_OBJECTS } from './kernel-objects';
import { MEMORY } from './memory';
import { OWN_CHANNEL } from './own-channel';
import { PROCESSES } from './processes';
import { SYSTEM_CALLS } from './system-calls';

/** The whole corpus of hostile scripts. */
export const THEMES = [
  ...[HOST_VIEW, HOST_FACTS, FILES, PROCESSES, MEMORY],
  ...[ARTIFACTS, OWN_CHANNEL, SYSTEM_CALLS, KERNEL_OBJECTS, BETWEEN_RUNS],
];

/**
 * What a service must be started with for its jail to be attacked: no policy in the way, and limits that are met soon. The
 * limit of time leaves room for GREEDY below, which keeps its threads for 3.3 s.
 */
export const HOSTILE_SETTINGS = {
  SCRIPT_POLICY: 'off',
  SCRIPT_TIMEOUT: '8',
  MAX_THREADS: '8',
} as const satisfies Environment;

/** The same inside gVisor, where each of the threads that a run may start is traced by Debian's release of it, and takes 10 ms. */
export const HOSTILE_SETTINGS_GVISOR = {
  ...HOSTILE_SETTINGS,
  SCRIPT_TIMEOUT: '12',
} as const satisfies Environment;

/** What else comes with a hostile script where `withBelongings` asks for it. The second file is an artifact from the start. */
const BELONGINGS =
  '"stdin": "what was sent\\n", "files": [{"name": "sent/a.txt", "text": "sent"}, {"name": "output/kept.txt", "text": "kept"}]';
const KEPT = 'kept.txt';

/**
 * Defines the corpus of hostile scripts, which tell by their answers alone what they could do: all of them, or the `share`
 * of each theme where a sample is asked for.
 */
export function describeContainment(
  client: () => HttpClient,
  {
    isWarm,
    isInsideGvisor = false,
    share = 1,
    withBelongings = false,
    onlyScripts = false,
  }: {
    readonly isWarm: boolean;
    readonly isInsideGvisor?: boolean;
    readonly share?: number;
    /** Files, standard input and an artifact come with each script: whatever holds must hold with them. */
    readonly withBelongings?: boolean;
    /** Nothing can come with a script. */
    readonly onlyScripts?: boolean;
  },
): void {
  const outcomeOf = ({ outcome, insideGvisor }: ContainmentCase): ContainmentOutcome =>
    (isInsideGvisor ? insideGvisor : undefined) ?? outcome;
  // Those of artifacts say themselves what comes with them.
  const themes = withBelongings ? THEMES.filter((theme) => theme !== ARTIFACTS) : THEMES;
  describe.each(themes.map((theme) => [theme.theme, theme] as const))('%s', (_name, theme) => {
    const possible = theme.cases.filter(
      (entry) =>
        (isWarm || !entry.warmOnly) &&
        !(withBelongings && looksForBelongings(entry)) &&
        !(onlyScripts && entry.request !== undefined),
    );
    const seed = `containment ${theme.theme} ${isWarm} ${isInsideGvisor} ${withBelongings}`;
    const cases = sampled(possible, share, seed);
    it.each(cases.map((entry) => [entry.name, entry] as const))('%s', (_case, entry) =>
      expectContained(client(), entry, outcomeOf(entry), withBelongings),
    );
  });
  if (!withBelongings) {
    describeGreed(client);
  }
}

/** Cases that say themselves what comes with them, or what is there. */
function looksForBelongings({ request, isAboutFiles }: ContainmentCase): boolean {
  return request !== undefined || isAboutFiles === true;
}

/** Takes as many threads as it gets, and keeps them for longer than a readiness is remembered. */
const GREEDY = hostile`
  threading.stack_size(65536)
  stop = threading.Event()
  try:
      while True:
          threading.Thread(target=stop.wait, daemon=True).start()
  except RuntimeError:
      time.sleep(3.3)
  stop.set()
  return "greedy"
`;

/** Defines that a run which takes all threads keeps neither others from running nor the service from proving itself. */
function describeGreed(client: () => HttpClient): void {
  it('a run with all the threads that it gets keeps no other from running, and readiness from no proof', async () => {
    const greedy = client().execute(GREEDY);
    const held = { ends: false };
    // Should it fail, the await below tells.
    void greedy.finally(() => (held.ends = true)).catch(() => undefined);
    const others: unknown[] = [];
    while (!held.ends) {
      const { body } = await client().execute('def main():\n    return "fine"');
      const { status } = await client().get(API_PATHS.ready);
      others.push([body.result ?? body.error, status]);
    }
    expect((await greedy).body.result).toBe('greedy');
    expect(new Set(others.map(String))).toEqual(new Set(['fine,200']));
  });
}

async function expectContained(
  client: HttpClient,
  { script, request, outcome: usual, leaves = [], tookBytes = 0 }: ContainmentCase,
  outcome: ContainmentOutcome,
  withBelongings: boolean,
): Promise<void> {
  const { body } = await client.execute(script, undefined, withBelongings ? BELONGINGS : request);
  if ('returns' in outcome) {
    expect({ code: body.code, error: body.error, result: body.result }).toEqual({
      result: outcome.returns,
    });
  } else {
    expect(outcome.fails).toContain(body.code);
    expect(body.error).toMatch(outcome.error ?? /./);
  }
  const left = body.artifacts?.map(({ name }) => name);
  // Who has ended its process, or answered in the place of its run, leaves nothing.
  expect(withBelongings ? (left?.filter((name) => name !== KEPT) ?? []) : (left ?? [])).toEqual(
    outcome === usual ? leaves : [],
  );
  if (tookBytes > 0) {
    expect(body.execution.peakMemoryBytes).toBeGreaterThan(tookBytes);
  }
}
