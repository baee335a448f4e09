import { type BatchListener, ExecutionFailure } from '@pycell/sandbox';
import type { RequestTrace } from '../http/request-trace';

/** Returns a listener that tells `trace` of each outcome before `listener` hears it. */
export function recordedBatch(listener: BatchListener, trace: RequestTrace): BatchListener {
  return {
    onStart: () => listener.onStart(),
    readyFor: (index) => listener.readyFor(index),
    onOutcome: (index, outcome) => {
      if (outcome instanceof ExecutionFailure) {
        trace.itemEnded(index, outcome.code, outcome.facts.execution);
      } else {
        trace.itemEnded(index, 'OK', outcome.execution);
      }
      listener.onOutcome(index, outcome);
    },
  };
}
