import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  computed,
  DestroyRef,
  effect,
  type ElementRef,
  inject,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { PolicyInForce } from '../inputs/policy-in-force';
import { MetadataStore } from '../metadata/metadata-store';
import { Icon } from '../ui/icons/icon';
import { rescueFocus } from '../ui/focus/focus-fallback';
import { ToastStore } from '../ui/toast/toast-store';
import { Diagnostics } from './check/diagnostics';
import { WrapCommand } from './check/wrap-command';
import { EditorFocus } from '../script/editor-focus';
import { loadMonaco } from './monaco/load-monaco';
import { MonacoPane } from './monaco/monaco-pane';
import { RunStore } from '../runs/run-store';
import { ScriptStore } from '../script/script-store';
import { SetupStore } from '../script/setup-store';
import { TextareaSurface } from './textarea-surface';

const COUNT = new Intl.NumberFormat('en');

/**
 * The editor of the script; notices are projected above it. A plain text area works at once; Monaco replaces it, and
 * keeps the cursor, as soon as it has been loaded after the first paint.
 */
@Component({
  selector: 'app-code-editor',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon, MonacoPane],
  templateUrl: './code-editor.html',
  styleUrl: './code-editor.css',
})
export class CodeEditor {
  protected readonly script = inject(ScriptStore);
  private readonly runs = inject(RunStore);
  private readonly diagnostics = inject(Diagnostics);
  private readonly metadata = inject(MetadataStore);
  private readonly policy = inject(PolicyInForce);
  private readonly setup = inject(SetupStore);
  private readonly focus = inject(EditorFocus);
  private readonly toasts = inject(ToastStore);
  private readonly destroyed = inject(DestroyRef);

  protected readonly wrapping = inject(WrapCommand);

  protected readonly isMonacoLoaded = signal(false);
  protected readonly isMonacoShown = signal(false);
  private readonly plain = viewChild<ElementRef<HTMLTextAreaElement>>('plain');

  protected readonly isUnchecked = this.diagnostics.isUnavailable;
  protected readonly problems = this.diagnostics.problems;
  protected readonly firstProblem = computed(() => this.problems()[0]);
  protected readonly isTooLarge = computed(
    () => this.script.sizeCodePoints() > this.metadata.limits().maxScriptSize,
  );
  protected readonly size = computed(
    () =>
      `${COUNT.format(this.script.sizeCodePoints())} / ${COUNT.format(this.metadata.limits().maxScriptSize)}`,
  );

  constructor() {
    rescueFocus(() => {
      this.focus.focus();
      return null;
    });
    effect(() => {
      // The rules belong to what a script is judged by: another service may have others, and files allow `open`.
      this.policy.rules();
      this.setup.mode();
      this.diagnostics.scriptChanged(this.script.text());
    });
    effect(() => {
      // The service decides; the check only has its marks ready when the answer comes.
      if (this.runs.isRunning()) untracked(() => void this.diagnostics.checkNow());
    });
    afterNextRender(() => {
      const plain = this.plain()?.nativeElement;
      if (plain) this.destroyed.onDestroy(this.focus.register(new TextareaSurface(plain)));
      afterPaint(() => {
        void this.loadEditor();
        void this.startChecks();
      });
    });
  }

  protected revealProblem(): void {
    const problem = this.firstProblem();
    if (problem) this.focus.reveal(problem);
  }

  /** Monaco is ready: shows it in place of the text area, with the same cursor. */
  protected showMonaco(): void {
    const plain = this.plain()?.nativeElement;
    if (plain && document.activeElement === plain) {
      this.focus.reveal(new TextareaSurface(plain).place());
    }
    this.isMonacoShown.set(true);
  }

  private async loadEditor(): Promise<void> {
    try {
      await loadMonaco();
      this.isMonacoLoaded.set(true);
    } catch {
      // A part could not be fetched: no network, or a new version was deployed since the page was loaded.
      this.toasts.show({
        message: 'The full editor could not be loaded. The plain editor works.',
        tone: 'warning',
        action: { label: 'Try again', run: () => void this.loadEditor() },
      });
    }
  }

  /** Also once more, where a part was missing. */
  protected startChecks(): Promise<void> {
    return this.diagnostics.start(async () => (await import('./check/start-checker')).startChecker());
  }
}

/** Calls back when what has been rendered is on the screen. */
function afterPaint(work: () => void): void {
  requestAnimationFrame(() => setTimeout(work, 0));
}
