import { inject, Injectable } from '@angular/core';
import type { Failed } from '../api/run-outcome';
import { type PreparedRun, RunPreparation } from '../inputs/run-preparation';
import { KeyPrompt } from '../keys/key-prompt';
import { MetadataStore } from '../metadata/metadata-store';
import { ScriptOrigin } from '../script/script-origin';
import { ScriptStore } from '../script/script-store';
import { SetupStore } from '../script/setup-store';
import { type RefusedRun, RunStore } from './run-store';

const COUNT = new Intl.NumberFormat('en');

/** Runs the script in the editor with its inputs. */
@Injectable({ providedIn: 'root' })
export class RunCommand {
  private readonly script = inject(ScriptStore);
  private readonly setups = inject(SetupStore);
  private readonly preparation = inject(RunPreparation);
  private readonly origin = inject(ScriptOrigin);
  private readonly metadata = inject(MetadataStore);
  private readonly runs = inject(RunStore);
  private readonly prompt = inject(KeyPrompt);

  /** A script that came by a link runs only when the user has said so. */
  run(): void {
    this.origin.whenRead(() => this.runNow());
  }

  /** The user has been asked: does what was asked for. */
  runAcknowledged(): void {
    this.origin.acknowledge();
    this.origin.takeAsked()();
  }

  /** Tries again what came to the outcome that is shown. */
  again(): void {
    const again = this.runs.shown()?.run?.again ?? (() => this.run());
    again();
  }

  /** Asks for the key that a run was refused for, and tries again with it. */
  async enterKeyAndRun(): Promise<void> {
    if (this.prompt.refusal() === null || (await this.prompt.ask())) this.again();
  }

  /**
   * @param refuse shows why it cannot be run, unless that is shown where something is to be typed
   * @returns what to send of what is in the editor; null where it cannot be run
   */
  prepare(refuse: (refused: RefusedRun) => void): PreparedRun | null {
    const script = this.script.text();
    const size = this.script.sizeCodePoints();
    const { maxScriptSize } = this.metadata.limits();
    // No need to send megabytes for an answer that is known.
    if (this.metadata.metadata() !== null && size > maxScriptSize) {
      refuse({ script, setup: this.setups.setup(), outcome: tooLarge(size, maxScriptSize) });
      // The limit may have been raised meanwhile: then the next try is judged by that.
      void this.metadata.refresh();
      return null;
    }
    // What is missing is shown where it is to be typed.
    return this.preparation.prepare(script);
  }

  private runNow(): void {
    if (this.runs.isRunning()) return;
    const prepared = this.prepare((refused) => this.runs.refuse(refused));
    if (prepared) void this.runs.run(prepared.request, prepared.setup);
  }
}

/** As the service would answer, which has not been asked: there is no request to name. */
function tooLarge(size: number, limit: number): Failed {
  const error = `The script has ${COUNT.format(size)} characters, the limit is ${COUNT.format(limit)}.`;
  return {
    kind: 'failed',
    status: 400,
    error: { error, code: 'SCRIPT_TOO_LARGE', requestId: '' },
    retryAfterSeconds: null,
  };
}
