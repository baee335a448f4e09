import { PRELUDE } from '../containment/containment-case';
import { dedent } from '../harness/python-source';

/** How the two runs of a pair lie in time. */
export const ORDERS = ['at once', 'one after the other'] as const;
export type Order = (typeof ORDERS)[number];

/** Two hostile scripts. Each returns a list of what it learned of the other, or felt of it: a list that must be empty. */
export interface Pair {
  /** Has something that the other must not learn, and notices whether it is disturbed. */
  readonly victim: string;
  readonly attacker: string;
}

/** A way to attack another run. */
export interface PairKind {
  /** A sentence of fact. */
  readonly name: string;
  /** Without it, both ways. */
  readonly order?: Order;
  /** Makes a pair; `random` gives numbers from 0 to 1. */
  pair(random: () => number): Pair;
  /** What the answers of many pairs give away together; without it, each answer is looked at by itself. */
  findLearned?(answers: readonly unknown[]): unknown[];
}

/** Thousands may miss each other now and then; of a few, each is to count, on a machine that does other work besides. */
const HOLD_SECONDS = process.env['PYCELL_PROOF'] === 'sample' ? 0.4 : 0.12;

/** What scripts of pairs share, beside what all hostile scripts do. */
const PAIR_PRELUDE = `
HOLD_SECONDS = ${HOLD_SECONDS}

def hold(seconds=HOLD_SECONDS):
    time.sleep(seconds)

def rounds(seconds=HOLD_SECONDS / 2):
    end = time.monotonic() + seconds
    yield
    while time.monotonic() < end:
        time.sleep(0.005)
        yield

def rare_files(names):
    import glob
    return {name: (glob.glob("/usr/lib/python3*/__pycache__/%s.*.pyc" % name) + glob.glob("/usr/lib/python3*/%s.py" % name))[0] for name in names}
`;

/** Makes a script of constants and a body of `main`; constants are known to both of a pair, so that the attacker need not guess. */
export function pairScript(constants: Readonly<Record<string, unknown>>, source: string): string {
  const lines = Object.entries(constants).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
  const body = dedent(source).replace(/^(?=.)/gm, '    ');
  return `${PRELUDE}${PAIR_PRELUDE}\n${lines.join('\n')}\n\ndef main():\n${body}`;
}

/** A name that no other pair has. */
export function freshName(random: () => number): string {
  return `pair${Math.floor(random() * 1e12).toString(36)}`;
}

/** Some of the entries, neither none nor all. */
export function someOf<T>(entries: readonly T[], random: () => number): T[] {
  const count = 1 + Math.floor(random() * (entries.length - 1));
  const keyed = entries.map((entry) => ({ entry, key: random() }));
  return keyed
    .sort((one, other) => one.key - other.key)
    .slice(0, count)
    .map(({ entry }) => entry);
}
