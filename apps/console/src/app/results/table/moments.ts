/** A date or a moment as Python's `isoformat` and pandas write it. */
const ISO_MOMENT =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/;
const MAX_LENGTH = 35;

/**
 * Milliseconds since the epoch. A moment without a zone is taken for UTC, so that dates and moments of one script stand
 * in one order wherever the browser is.
 *
 * @returns NaN for any other text
 */
export function momentOf(text: string): number {
  const match = text.length <= MAX_LENGTH ? ISO_MOMENT.exec(text) : null;
  if (!match) return NaN;
  const [, date = '', time = '00:00', zone = 'Z'] = match;
  return Date.parse(`${date}T${time}${zone}`);
}
