import { DATA } from './data';
import { FAILURES } from './failures';
import { FIRST_STEPS } from './first-steps';

/** Every example, in the order in which they are shown. */
export const EXAMPLES = [FIRST_STEPS, DATA, FAILURES] as const;
