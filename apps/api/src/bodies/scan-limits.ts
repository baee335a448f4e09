import type { ExecutionLimits } from '@pycell/contracts';

/** Bounds of what a body may say. */
export interface ScanLimits extends Pick<ExecutionLimits, 'maxScriptSize' | 'maxInputsBytes' | 'maxBatch'> {
  /** Lists, objects and members besides inputs; `MAX_STRUCTURE` where it is left out. */
  readonly maxStructure?: number;
  /** Told of what becomes of a body beside its bytes: strings, at two bytes a character at most. In bytes, as it is made. */
  readonly hold?: (bytes: number) => void;
}
