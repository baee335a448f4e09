import { Secret } from './secret';

/** One problem with the environment: which variable, the value seen, what is expected. */
export type EnvironmentProblem = string;

/**
 * Reads variables one by one and collects every problem, so that a failed start reports all of them at once.
 * An empty variable counts as not set.
 */
export class EnvironmentReader {
  readonly problems: EnvironmentProblem[] = [];

  constructor(private readonly environment: NodeJS.ProcessEnv) {}

  text(name: string): string | undefined {
    const value = this.environment[name]?.trim();
    return value === '' ? undefined : value;
  }

  /** A text that no message shows. */
  secret(name: string): Secret | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : new Secret(value);
  }

  oneOf<T extends string>(name: string, allowed: readonly T[], fallback: T): T {
    const value = this.text(name);
    if (value === undefined) {
      return fallback;
    }
    const found = allowed.find((candidate) => candidate === value);
    return found ?? this.problem(name, value, `one of ${allowed.join(', ')}`, fallback);
  }

  integer(name: string, range: { min: number; max: number }, fallback: number): number {
    return this.number(name, range, fallback, 'a whole number', Number.isSafeInteger);
  }

  /** A number that may have a fraction, such as half a second. */
  decimal(name: string, range: { min: number; max: number }, fallback: number): number {
    return this.number(name, range, fallback, 'a number', Number.isFinite);
  }

  flag(name: string, fallback: boolean): boolean {
    return this.oneOf(name, ['true', 'false'], fallback ? 'true' : 'false') === 'true';
  }

  /** A comma-separated list, without empty entries. */
  list(name: string, fallback: readonly string[]): readonly string[] {
    const value = this.text(name);
    if (value === undefined) {
      return fallback;
    }
    return value
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '');
  }

  /** Records a problem and returns the fallback, so that reading can go on. */
  problem<T>(name: string, value: string, expected: string, fallback: T): T {
    this.problems.push(`${name} is "${value}", expected ${expected}`);
    return fallback;
  }

  /** The same for a variable whose value must not be shown. */
  secretProblem<T>(name: string, expected: string, fallback: T): T {
    this.problems.push(`${name} is not valid (its value is not shown), expected ${expected}`);
    return fallback;
  }

  private number(
    name: string,
    { min, max }: { min: number; max: number },
    fallback: number,
    kind: string,
    isValid: (value: number) => boolean,
  ): number {
    const text = this.text(name);
    if (text === undefined) {
      return fallback;
    }
    const value = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
    return isValid(value) && value >= min && value <= max
      ? value
      : this.problem(name, text, `${kind} from ${min} to ${max}`, fallback);
  }
}
