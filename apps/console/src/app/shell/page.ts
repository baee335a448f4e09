import {
  ChangeDetectionStrategy,
  Component,
  type ElementRef,
  inject,
  signal,
  viewChild,
} from '@angular/core';
import { ApiStatus } from '../configuration/api-status';
import { MetadataStore } from '../configuration/metadata-store';
import { CodeEditor } from '../editor/code-editor';
import { EditorFocus } from '../editor/editor-focus';
import { Icon } from '../icons/icon';
import { ResultsPanel } from '../results/results-panel';
import { RunAnnouncer } from '../runs/run-announcer';
import { RunCommand } from '../runs/run-command';
import { RunControls } from '../runs/run-controls';
import { RunStore } from '../runs/run-store';
import { ThemeToggle } from '../theme/theme-toggle';
import { HeaderBar } from './header-bar';
import { ShortcutsDialog } from './shortcuts-dialog';
import { actionOf } from './shortcuts';
import { SplitPanes } from './split-panes';
import { ToastList } from './toast-list';

/** The whole page: the bar, the script, what came of it. */
@Component({
  selector: 'app-page',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [
    ApiStatus,
    CodeEditor,
    HeaderBar,
    Icon,
    ResultsPanel,
    RunControls,
    ShortcutsDialog,
    SplitPanes,
    ThemeToggle,
    ToastList,
  ],
  host: {
    '(document:keydown)': 'handleKey($event)',
    '(document:visibilitychange)': 'askAgain()',
    '(window:online)': 'askAgain()',
  },
  templateUrl: './page.html',
  styleUrl: './page.css',
})
export class Page {
  protected readonly runs = inject(RunStore);
  private readonly command = inject(RunCommand);
  private readonly metadata = inject(MetadataStore);
  private readonly editor = inject(EditorFocus);
  private readonly results = viewChild.required<ElementRef<HTMLElement>>('results');

  protected readonly areShortcutsShown = signal(false);

  constructor() {
    inject(RunAnnouncer);
    // In the capturing phase: the editor must not take the chord for a new line first.
    addEventListener('keydown', (event) => this.runByKey(event), { capture: true });
  }

  protected handleKey(event: KeyboardEvent): void {
    // The editor has used the key: Escape has closed its list, say.
    if (event.defaultPrevented) return;
    switch (actionOf(event)) {
      case 'cancel':
        this.runs.cancel();
        break;
      case 'switch-pane':
        event.preventDefault();
        this.switchPane();
        break;
      case 'show-shortcuts':
        event.preventDefault();
        this.areShortcutsShown.set(true);
        break;
      case 'run':
      case null:
        break;
    }
  }

  /** An API that was away may be back. */
  protected askAgain(): void {
    if (document.visibilityState === 'visible' && this.metadata.metadata() === null) {
      void this.metadata.refresh();
    }
  }

  private runByKey(event: KeyboardEvent): void {
    if (actionOf(event) !== 'run') return;
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat) this.command.run();
  }

  private switchPane(): void {
    const results = this.results().nativeElement;
    if (results.contains(document.activeElement)) this.editor.focus();
    else results.focus();
  }
}
