import {
  ChangeDetectionStrategy,
  Component,
  type ElementRef,
  inject,
  signal,
  viewChild,
} from '@angular/core';
import { BackgroundDrawer } from '../background/background-drawer';
import { BackgroundToggle } from '../background/background-toggle';
import { StartInBackground } from '../background/start-in-background';
import { ApiStatus } from '../connection/api-status';
import { KeyDialog } from '../connection/key-dialog';
import { KeyNotice } from '../connection/key-notice';
import { MetadataUpkeep } from '../connection/metadata-upkeep';
import { CodeEditor } from '../editor/code-editor';
import { EditorFocus } from '../script/editor-focus';
import { ScriptOrigin } from '../script/script-origin';
import { ExamplesDialog } from '../examples/examples-dialog';
import { HistoryDrawer } from '../history/history-drawer';
import { InputsPanel } from '../inputs/inputs-panel';
import { KeyPrompt } from '../keys/key-prompt';
import { RunRecorder } from '../history/run-recorder';
import { Icon } from '../ui/icons/icon';
import { ResultsPanel } from '../results/results-panel';
import { RunAnnouncer } from '../runs/run-announcer';
import { RunCommand } from '../runs/run-command';
import { ModeSelect } from '../runs/mode-select';
import { RunControls } from '../runs/run-controls';
import { RunStore } from '../runs/run-store';
import { SettingsDialog } from './settings-dialog';
import { SettingsStore } from '../settings/settings-store';
import { CopyLink } from '../share/copy-link';
import { CopyLinkCommand } from '../share/copy-link-command';
import { LinkNotice } from '../share/link-notice';
import { LinkWatcher } from '../share/link-watcher';
import { ManualCopyDialog } from '../share/manual-copy-dialog';
import { RunSharedDialog } from '../share/run-shared-dialog';
import { ThemeToggle } from '../settings/theme-toggle';
import { FocusFallback } from '../ui/focus/focus-fallback';
import { HeaderBar } from './header-bar';
import { MissingPart } from './missing-part';
import { ShortcutsDialog } from './shortcuts-dialog';
import { actionOf, type ShortcutAction } from './shortcuts';
import { SplitPanes } from '../ui/panes/split-panes';
import { ToastList } from '../ui/toast/toast-list';

/** The whole page: the bar, the script, what came of it. */
@Component({
  selector: 'app-page',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [
    ApiStatus,
    BackgroundDrawer,
    BackgroundToggle,
    CodeEditor,
    CopyLink,
    ExamplesDialog,
    FocusFallback,
    HeaderBar,
    HistoryDrawer,
    Icon,
    InputsPanel,
    KeyDialog,
    KeyNotice,
    LinkNotice,
    ManualCopyDialog,
    MissingPart,
    ModeSelect,
    ResultsPanel,
    RunAnnouncer,
    RunControls,
    RunSharedDialog,
    SettingsDialog,
    ShortcutsDialog,
    SplitPanes,
    StartInBackground,
    ThemeToggle,
    ToastList,
  ],
  host: {
    '(document:keydown)': 'handleKey($event)',
  },
  templateUrl: './page.html',
  styleUrl: './page.css',
})
export class Page {
  private readonly runs = inject(RunStore);
  protected readonly origin = inject(ScriptOrigin);
  protected readonly keyPrompt = inject(KeyPrompt);
  protected readonly copyLink = inject(CopyLinkCommand);
  private readonly command = inject(RunCommand);
  private readonly settings = inject(SettingsStore).settings;
  private readonly editor = inject(EditorFocus);
  private readonly results = viewChild.required<ElementRef<HTMLElement>>('results');
  /** By its name in the template: the class itself would be loaded with the page. */
  private readonly history = viewChild<HistoryDrawer>('history');
  private readonly background = viewChild<BackgroundDrawer>('background');
  private readonly inBackground = viewChild<StartInBackground>('inBackground');

  /** What lies over the page, one at a time. */
  protected readonly dialog = signal<'examples' | 'settings' | 'shortcuts' | null>(null);
  /** What stands beside the panes, one at a time. */
  protected readonly drawer = signal<'history' | 'background' | null>(null);

  private readonly chords: Partial<Record<ShortcutAction, () => void>> = {
    run: () => this.command.run(),
    'run-in-background': () => this.inBackground()?.start(),
    'copy-link': () => void this.copyLink.copy(),
    'show-examples': () => this.dialog.set('examples'),
    'show-settings': () => this.dialog.set('settings'),
    'toggle-history': () => this.toggleHistory(),
    'toggle-background': () => this.toggleBackground(),
  };

  constructor() {
    inject(MetadataUpkeep);
    inject(RunRecorder);
    inject(LinkWatcher).watch();
    // In the capturing phase: the editor must not take the chord for a new line first.
    addEventListener('keydown', (event) => this.handleChord(event), { capture: true });
  }

  /** Keys that belong to what has the focus first. */
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
        this.dialog.set('shortcuts');
        break;
      default:
        break;
    }
  }

  protected toggleHistory(): void {
    this.toggle('history', this.history());
  }

  protected toggleBackground(): void {
    this.toggle('background', this.background());
  }

  private handleChord(event: KeyboardEvent): void {
    const action = actionOf(event, this.settings().runKeys);
    const work = action && this.chords[action];
    if (!work) return;
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat) work();
  }

  private toggle(name: 'history' | 'background', shown: { close(): void } | undefined): void {
    if (shown) shown.close();
    // It may still be loading.
    else this.drawer.update((drawer) => (drawer === name ? null : name));
  }

  private switchPane(): void {
    const results = this.results().nativeElement;
    if (results.contains(document.activeElement)) this.editor.focus();
    else results.focus();
  }
}
