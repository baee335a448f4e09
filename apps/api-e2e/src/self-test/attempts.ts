// First: the cases name matchers when they are loaded.
import { isAsExpected } from './matchers';
import type { MetadataResponse } from '@pycell/contracts';
import { THEMES } from '../containment/containment';
import type { ContainmentOutcome } from '../containment/containment-case';
import { CannotAsk, type Deployment, type ExecutionAnswer } from './deployment';
import { disguised } from './disguise';

/** What came of an attempt. */
export type Verdict =
  | 'held by the jail'
  /** The script was refused before it ran: that says nothing of the jail. */
  | 'held by the policy (jail not asked)'
  | 'BREACHED'
  /** The service gave no answer, or ended the run in another way than the attempt could have. */
  | 'unproved';

/** One thing that was tried. */
export interface AttemptReport {
  readonly theme: string;
  /** What must be so, a sentence of fact. */
  readonly name: string;
  readonly verdict: Verdict;
  /** Why, where it was not held. Never what the script saw: that may be a secret. */
  readonly detail?: string;
}

interface Attempt {
  readonly theme: string;
  readonly name: string;
  readonly script: string;
  readonly outcome: ContainmentOutcome;
}

const PLAIN = 'refuses what an author should not use, before it runs';
const REFUSED: ContainmentOutcome = { fails: ['POLICY_VIOLATION'] };

/** What the policy is for: the same things, written openly. They reach no jail where it is on. */
const PLAIN_ATTEMPTS: readonly Attempt[] = [
  {
    name: 'a module that reaches the system',
    script: 'import os\n\ndef main():\n    return os.getpid() > 0\n',
  },
  {
    name: 'a built-in that opens files',
    script: 'def main():\n    return open("/etc/passwd") is not None\n',
  },
  { name: 'a built-in that runs text', script: 'def main():\n    return eval("1")\n' },
].map((attempt) => ({ theme: PLAIN, outcome: REFUSED, ...attempt }));

/** The attempts that may be made on a service that says this of itself. */
export function attemptsOn({ isolation, scriptPolicy }: MetadataResponse): readonly Attempt[] {
  const isInsideGvisor = isolation.startsWith('gvisor');
  const isWarm = !isolation.endsWith('per-run');
  const hostile = THEMES.flatMap(({ theme, cases }) =>
    cases
      .filter(({ safe, warmOnly }) => safe && (isWarm || !warmOnly))
      .map(({ name, script, outcome, insideGvisor }) => ({
        theme,
        name,
        script: disguised(script),
        outcome: (isInsideGvisor ? insideGvisor : undefined) ?? outcome,
      })),
  );
  return scriptPolicy.mode === 'enforce' ? [...hostile, ...PLAIN_ATTEMPTS] : hostile;
}

/** Makes one attempt. Never rejects. */
export async function makeAttempt(
  deployment: Deployment,
  { theme, name, script, outcome }: Attempt,
): Promise<AttemptReport> {
  try {
    return { theme, name, ...judge(await deployment.execute(script), outcome) };
  } catch (error) {
    if (error instanceof CannotAsk) {
      return { theme, name, verdict: 'unproved', detail: error.message };
    }
    throw error;
  }
}

function judge(
  { code, error = '', result }: ExecutionAnswer,
  outcome: ContainmentOutcome,
): Pick<AttemptReport, 'verdict' | 'detail'> {
  if (code === 'POLICY_VIOLATION') {
    return { verdict: 'held by the policy (jail not asked)' };
  }
  if (code === undefined) {
    return 'returns' in outcome && isAsExpected(result, outcome.returns)
      ? { verdict: 'held by the jail' }
      : { verdict: 'BREACHED', detail: 'the script could do, or see, what it must not' };
  }
  return 'fails' in outcome && outcome.fails.includes(code) && (outcome.error ?? /./).test(error)
    ? { verdict: 'held by the jail' }
    : { verdict: 'unproved', detail: `the run ended as ${code} before it could tell` };
}
