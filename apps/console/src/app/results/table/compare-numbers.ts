interface Decimal {
  readonly sign: -1 | 0 | 1;
  /** Significant digits without zeros around them. */
  readonly digits: string;
  /** The number is 0.digits times ten to this. */
  readonly exponent: number;
}

/** Compares two JSON numbers by value, however large, small or long they are. */
export function compareNumbers(a: string, b: string): number {
  const x = Number(a);
  const y = Number(b);
  // Doubles that differ are in the right order; those that do not may stand for different numbers.
  if (x !== y) return x - y < 0 ? -1 : 1;
  return a === b ? 0 : compareDecimals(decimalOf(a), decimalOf(b));
}

function compareDecimals(a: Decimal, b: Decimal): number {
  if (a.sign !== b.sign) return a.sign - b.sign;
  if (a.exponent !== b.exponent) return a.sign * (a.exponent - b.exponent);
  if (a.digits === b.digits) return 0;
  return a.digits < b.digits ? -a.sign : a.sign;
}

function decimalOf(raw: string): Decimal {
  const [mantissa = '', power = '0'] = raw.toLowerCase().split('e');
  const isNegative = mantissa.startsWith('-');
  const [whole = '', fraction = ''] = (isNegative ? mantissa.slice(1) : mantissa).split('.');
  const all = whole + fraction;
  const digits = all.replace(/^0+/, '');
  if (digits === '') return { sign: 0, digits: '', exponent: 0 };
  return {
    sign: isNegative ? -1 : 1,
    digits: digits.replace(/0+$/, ''),
    exponent: whole.length - (all.length - digits.length) + Number(power),
  };
}
