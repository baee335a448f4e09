const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Whether a text is a number in JSON, as it stands. */
export function isJsonNumber(text: string): boolean {
  return JSON_NUMBER.test(text);
}
