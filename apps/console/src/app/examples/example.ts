import type { ErrorCode } from '@pycell/contracts';
import type { RunSetup } from '../script/run-setup';

/** A script to learn from. */
export interface Example {
  readonly id: string;
  readonly title: string;
  /** One sentence: what it shows. */
  readonly sentence: string;
  readonly script: string;
  /** What it is run with; nothing unless given. */
  readonly setup?: RunSetup;
  /** What must come of it: a result, or this error. */
  readonly expected: 'RESULT' | ErrorCode;
}

export interface ExampleGroup {
  readonly title: string;
  readonly examples: readonly Example[];
}
