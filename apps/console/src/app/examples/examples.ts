import { DATA } from './data';
import { FAILURES } from './failures';
import { FIRST_STEPS } from './first-steps';
import { GIVEN } from './given';

/** Every example, in the order in which they are shown. */
export const EXAMPLES = [FIRST_STEPS, GIVEN, DATA, FAILURES] as const;
