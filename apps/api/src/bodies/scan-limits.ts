import type { ExecutionLimits } from '@pycell/contracts';

/** Bounds of what a body may say. */
export interface ScanLimits extends Pick<ExecutionLimits, 'maxScriptSize' | 'maxInputsBytes' | 'maxBatch'> {
  /** Lists, objects and members besides inputs; `MAX_STRUCTURE` where it is left out. */
  readonly maxStructure?: number;
}
