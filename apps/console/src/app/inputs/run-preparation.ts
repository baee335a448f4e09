import { computed, inject, Injectable, signal } from '@angular/core';
import type { InputFile } from '@pycell/contracts';
import type { RunRequest } from '../api/run-request';
import { MetadataStore } from '../metadata/metadata-store';
import type { AttachedFile, RunSetup } from '../script/run-setup';
import { SetupStore } from '../script/setup-store';
import { bytesText } from '../ui/formatting/figures';
import { fileProblems } from './files/file-names';
import { SignatureStore } from './signature/signature-store';
import { type ComposedInputs, composeInputs, type InputProblem } from './values/compose-inputs';
import { fileControl, FILES_CONTROL, JSON_CONTROL } from './values/controls';
import { limitProblems } from './values/limit-problems';

/** What a run is sent, and what that was made of beside the script. */
export interface PreparedRun {
  readonly request: RunRequest;
  readonly setup: RunSetup;
}

/** What goes along with the script when it is run, or why it cannot. */
@Injectable({ providedIn: 'root' })
export class RunPreparation {
  private readonly setups = inject(SetupStore);
  private readonly signatures = inject(SignatureStore);
  private readonly metadata = inject(MetadataStore);
  private readonly refused = signal<RunSetup | null>(null);
  private readonly asked = signal(0);

  private readonly composed = computed<ComposedInputs>(() =>
    composeInputs(this.setups.setup(), this.signatures.signature()),
  );
  /** Why a run could not be sent now. */
  readonly problems = computed<readonly InputProblem[]>(() => [
    ...this.composed().problems,
    ...this.sizeProblems(),
    ...this.problemsOfFiles(),
    ...limitProblems(this.setups.limits(), this.metadata.limits()),
  ]);
  /** How many times a run was asked for that could not be sent: the first control to mend wants the focus then. */
  readonly refusals = this.asked.asReadonly();
  /** Whether everything that is missing is to be shown: a run was asked for, and it could not be sent. */
  readonly isRefused = computed(() => this.refused() !== null && this.problems().length > 0);

  /** @returns null where something must be mended first, which the page shows from now on */
  prepare(script: string): PreparedRun | null {
    const setup = this.setups.setup();
    if (this.problems().length > 0) {
      this.refused.set(setup);
      this.asked.update((count) => count + 1);
      return null;
    }
    this.refused.set(null);
    const { mode, stdin, files, limits } = setup;
    const inputs = this.composed().json;
    return { request: { script, mode, inputs, stdin, files: files.flatMap(inputFile), limits }, setup };
  }

  /** Another script has been loaded: nothing was asked for yet. */
  forget(): void {
    this.refused.set(null);
  }

  private sizeProblems(): readonly InputProblem[] {
    const { json } = this.composed();
    const limits: Partial<ReturnType<typeof this.metadata.limits>> = this.metadata.limits();
    const { maxInputsBytes = Infinity } = limits;
    // UTF-8 has at most three bytes for a code unit.
    if (json === null || json.length * 3 <= maxInputsBytes) return [];
    const bytes = new TextEncoder().encode(json).length;
    if (bytes <= maxInputsBytes) return [];
    const message = `The inputs take ${bytesText(bytes)}, the limit is ${bytesText(maxInputsBytes)}: attach what is large as a file`;
    return [{ control: JSON_CONTROL, message }];
  }

  private problemsOfFiles(): readonly InputProblem[] {
    const files = this.setups.files();
    if (files.length === 0) return [];
    if (this.metadata.metadata() !== null && !this.metadata.takesFiles()) {
      return [{ control: FILES_CONTROL, message: 'This API takes no files with a script: remove them' }];
    }
    return Array.from(fileProblems(files), ([id, problem]) => {
      const name = files.find((file) => file.id === id)?.name ?? '';
      return { control: fileControl(id), message: `${name === '' ? 'A file' : name} ${problem}` };
    });
  }
}

function inputFile({ name, content }: AttachedFile): InputFile[] {
  return content ? [{ name, ...content }] : [];
}
