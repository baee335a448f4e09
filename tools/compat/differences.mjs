/** Functions that pass bare and not inside, each with the reason why that is right. Whatever is not here is a defect. */
export const KNOWN = [];

/** @param {string} name a function, as pytest names it @returns {string | undefined} the reason */
export function reasonFor(name) {
  return KNOWN.find(({ functions }) => functions.test(name))?.reason;
}
