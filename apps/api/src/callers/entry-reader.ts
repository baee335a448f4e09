import { isMember, type Member, shown } from './shown-member';

const INSTANT_FORM =
  /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** Reads the fields of an object one by one and notes every problem, so that all are told at once. */
export class EntryReader {
  private readonly fields: Member;

  /** @param label what the object is called in the problems */
  constructor(
    value: unknown,
    public label: string,
    private readonly problems: string[],
    private readonly prefix = '',
  ) {
    this.fields = isMember(value) ? value : {};
    if (!isMember(value)) {
      problems.push(`${label}: it is ${shown.value(value)}, expected an object with "name" and "sha256"`);
    }
  }

  /** Notes fields that are not among these. */
  allowOnly(names: readonly string[]): void {
    for (const name of Object.keys(this.fields).filter((field) => !names.includes(field))) {
      const where = this.prefix === '' ? '' : ` in ${this.prefix.slice(0, -1)}`;
      this.problems.push(`${this.label}: it has ${shown.field(name)}${where}, expected ${names.join(', ')}`);
    }
  }

  value(name: string): unknown {
    return Object.hasOwn(this.fields, name) ? this.fields[name] : undefined;
  }

  /** A text that has to be there. */
  text(name: string, form: RegExp, expected: string): string | null {
    const value = this.value(name);
    return typeof value === 'string' && form.test(value) ? value : this.problem(name, value, expected, null);
  }

  flag(name: string): boolean | null {
    const value = this.value(name);
    return value === undefined || typeof value === 'boolean'
      ? (value ?? null)
      : this.problem(name, value, 'true or false', null);
  }

  integer(
    name: string,
    { min, max }: { min: number; max: number },
    need: 'optional' | 'needed' = 'optional',
  ): number | null {
    const value = this.value(name);
    if (value === undefined && need === 'optional') {
      return null;
    }
    return typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max
      ? value
      : this.problem(name, value, `a whole number from ${min} to ${max}`, null);
  }

  /** A moment with its time zone. @returns milliseconds since 1970 */
  instant(name: string): number | null {
    const value = this.value(name);
    if (value === undefined) {
      return null;
    }
    const ms = typeof value === 'string' ? instantOf(value) : null;
    return ms ?? this.problem(name, value, 'a time with its zone, such as "2027-01-31T00:00:00Z"', null);
  }

  /** An object within this one, which has these fields and no others. */
  member(name: string, fields: readonly string[], expected: string): EntryReader | null {
    const value = this.value(name);
    if (value === undefined || !isMember(value)) {
      return value === undefined ? null : this.problem(name, value, expected, null);
    }
    const reader = new EntryReader(value, this.label, this.problems, `${this.prefix}${name}.`);
    reader.allowOnly(fields);
    return reader;
  }

  /** Notes a problem and returns what to go on with. */
  problem<T>(name: string, value: unknown, expected: string, fallback: T): T {
    this.problems.push(`${this.label}: ${this.prefix}${name} is ${shown.value(value)}, expected ${expected}`);
    return fallback;
  }
}

/** Returns milliseconds since 1970; null for a day that no calendar has, which `Date` takes for one of the next month. */
function instantOf(text: string): number | null {
  const [, year, month, day] = INSTANT_FORM.exec(text) ?? [];
  const days = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  const isDay = Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= days;
  const ms = isDay ? Date.parse(text) : NaN;
  return Number.isNaN(ms) ? null : ms;
}
