/** Injects the `Configuration`. */
export const CONFIGURATION = Symbol('CONFIGURATION');
