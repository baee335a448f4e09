/** What the door says of a script holds defaults, which keep their digits by these. */
export { parseExactly, stringifyExactly, withoutExactNumbers } from '@pycell/sandbox';
