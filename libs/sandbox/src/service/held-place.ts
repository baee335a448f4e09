import type { Admission } from '../admission/admission';
import type { RunResult } from '../run/run-result';

/** A run that took no more than this is torn down in a moment. */
const SMALL_RUN_BYTES = 32 * 1024 * 1024;
/** What the kernel holds for a run counts nowhere, but it takes time to be made: page tables, 2 MiB a millisecond. */
const SMALL_RUN_CPU_MS = 50;

/** A place, and the one run that has it. */
export class HeldPlace {
  /** Settles when what ran in it is gone; null where that need not be waited for. */
  private gone: Promise<void> | null = null;

  /** @param onRun hears what ran in it */
  constructor(
    private readonly admission: Admission,
    private readonly onRun: (result: RunResult) => void,
  ) {}

  /** How long the place was waited for, milliseconds. */
  get waitedMs(): number {
    return this.admission.waitedMs;
  }

  /**
   * Notes what ran in it. The answer does not wait until its process is gone, nor does a small run's place; much memory, or
   * memory that could not be measured, is given back first, so that never more is taken than the runs at once may have.
   */
  note(result: RunResult, gone: Promise<void>): void {
    const { peakMemoryBytes, cpuMs } = result;
    const isSmall =
      peakMemoryBytes !== undefined &&
      peakMemoryBytes <= SMALL_RUN_BYTES &&
      cpuMs !== undefined &&
      cpuMs <= SMALL_RUN_CPU_MS;
    this.gone = isSmall ? null : gone;
    this.onRun(result);
  }

  /** Gives it back when the next run may begin. Called more than once it does no harm. */
  leave(): void {
    if (this.gone) {
      void this.gone.then(() => this.admission.release());
    } else {
      this.admission.release();
    }
  }
}
