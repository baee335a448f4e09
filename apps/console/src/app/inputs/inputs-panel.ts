import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  ElementRef,
  inject,
  Injector,
  linkedSignal,
  untracked,
  type WritableSignal,
} from '@angular/core';
import { isPlain } from '../script/run-setup';
import { SetupStore } from '../script/setup-store';
import { countText } from '../ui/formatting/figures';
import { Icon } from '../ui/icons/icon';
import { InputsSection } from './fields/inputs-section';
import { LimitsSection } from './fields/limits-section';
import { FileAttachment } from './files/file-attachment';
import { watchDrops } from './files/file-drop';
import { FileKeeper } from './files/file-keeper';
import { FilesSection } from './files/files-section';
import { RunPreparation } from './run-preparation';
import { SignatureStore } from './signature/signature-store';
import { inputsView } from './values/compose-inputs';

interface PanelNeed {
  readonly isWanted: boolean;
  readonly loads: number;
}

/** Everything that a run is given besides its script, below the script: inputs, standard input, files, limits. */
@Component({
  selector: 'app-inputs-panel',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [FilesSection, Icon, InputsSection, LimitsSection],
  templateUrl: './inputs-panel.html',
  styleUrl: './inputs-panel.css',
})
export class InputsPanel {
  protected readonly setup = inject(SetupStore);
  protected readonly preparation = inject(RunPreparation);
  private readonly signature = inject(SignatureStore).signature;
  private readonly attachment = inject(FileAttachment);
  private readonly injector = inject(Injector);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;

  private readonly fieldNames = computed(() => this.signature()?.fields.map(({ name }) => name) ?? []);
  private readonly isFilled = computed(() => !isPlain({ ...this.setup.setup(), mode: 'function' }));
  private readonly isWanted = computed(
    () => this.isFilled() || (this.setup.mode() === 'function' && this.fieldNames().length > 0),
  );
  /** By itself where there is something to fill in; as the user left it until that changes. */
  protected readonly isOpen = linkedSignal<PanelNeed, boolean>({
    source: () => ({ isWanted: this.isWanted(), loads: this.setup.loads() }),
    computation: ({ isWanted, loads }, previous) => {
      if (previous?.source.loads !== loads || isWanted) return isWanted;
      // Who empties the last field goes on there.
      return previous.value && this.host.contains(document.activeElement);
    },
  });
  protected readonly isStdinOpen = this.stayingOpen(() => this.setup.stdin() !== '');
  protected readonly isFilesOpen = this.stayingOpen(() => this.setup.files().length > 0);
  protected readonly summary = computed(() => this.summaryParts().join(' · '));
  protected readonly alert = computed(() => {
    if (!this.preparation.isRefused()) return '';
    return this.preparation
      .problems()
      .map(({ message }) => `${message}.`)
      .join(' ');
  });
  protected readonly isDragging = watchDrops((files) => {
    this.isOpen.set(true);
    void this.attachment.attach(files);
  });
  protected readonly dropWords = computed(() =>
    this.attachment.isOffered() ? 'Drop to attach to the script' : this.attachment.refusal(),
  );

  constructor() {
    inject(FileKeeper);
    let seen = untracked(this.preparation.refusals);
    effect(() => {
      const refusals = this.preparation.refusals();
      if (refusals === seen) return;
      seen = refusals;
      untracked(() => this.goToProblem());
    });
  }

  protected follow(isOpen: WritableSignal<boolean>, { target }: Event): void {
    isOpen.set((target as HTMLDetailsElement).open);
  }

  protected typeStdin(stdin: string): void {
    this.setup.change({ stdin });
  }

  /** Opens by itself, and closes only by hand. */
  private stayingOpen(isFilled: () => boolean): WritableSignal<boolean> {
    return linkedSignal<boolean, boolean>({
      source: isFilled,
      computation: (filled, previous) => filled || (previous?.value ?? false),
    });
  }

  /** What is in it, while it is closed. */
  private summaryParts(): readonly string[] {
    const { stdin, files, limits } = this.setup.setup();
    const view = inputsView(this.setup.setup(), this.signature());
    const hasJson = view === 'json' && this.setup.inputs().json.trim() !== '';
    const parts = [
      ...(view === 'form' ? this.fieldNames() : []),
      ...(hasJson ? ['JSON'] : []),
      ...(stdin === '' ? [] : ['standard input']),
      ...(files.length === 0 ? [] : [countText(files.length, 'file')]),
      ...(Object.keys(limits).length === 0 ? [] : ['limits']),
    ];
    return parts.length === 0 ? ['arguments, standard input, files, limits'] : parts;
  }

  /** The first control to mend gets the focus. */
  private goToProblem(): void {
    this.isOpen.set(true);
    const controls = this.preparation.problems().map(({ control }) => control);
    afterNextRender(
      () => {
        const elements = Array.from(this.host.querySelectorAll<HTMLElement>('[data-control]'));
        const first = elements.find(({ dataset }) => controls.includes(dataset['control'] ?? ''));
        first?.closest('details')?.setAttribute('open', '');
        (first ?? this.host.querySelector('button'))?.focus();
      },
      { injector: this.injector },
    );
  }
}
