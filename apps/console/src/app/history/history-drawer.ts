import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  computed,
  DestroyRef,
  type ElementRef,
  EnvironmentInjector,
  inject,
  output,
  signal,
  viewChild,
  viewChildren,
} from '@angular/core';
import { EditorFocus } from '../script/editor-focus';
import { type IconName } from '../ui/icons/icon-paths';
import { Icon } from '../ui/icons/icon';
import { TONE_ICONS } from '../outcomes/tone-icons';
import { SideDrawer } from '../ui/drawer/side-drawer';
import { type ToastRequest, ToastStore } from '../ui/toast/toast-store';
import { durationText } from '../ui/formatting/figures';
import { CompareRuns } from './compare-runs';
import { ComparisonChoice } from './comparison-choice';
import { groupByDay, searchHistory, timeOfDay } from './history-days';
import { type HistoryEntry, type HistoryRecord, isResultMissing } from './history-entry';
import { type HistoryKeeping, HistoryStore } from './history-store';
import type { RunSetup } from '../script/run-setup';
import { ScriptReplacement } from './script-replacement';

const NOTICES: Readonly<Record<HistoryKeeping, string | null>> = {
  lasting: null,
  'earlier-only':
    'The storage of this browser is full or broken. New runs are listed until the page is closed; earlier ones are kept.',
  visit:
    'This browser keeps no history for this page: a private window, or its storage is blocked or broken. The runs of this visit are listed until the page is closed.',
};

/** What was restored, and what of it was too large to be kept. */
function restoredMessage(entry: HistoryEntry, { files }: RunSetup): string {
  const sentences = [`Restored the script of ${timeOfDay(entry.at)}.`];
  if (isResultMissing(entry)) {
    sentences.push('Its result was too large to be kept: run it again to see it.');
  } else if (entry.isWithoutArtifacts) {
    sentences.push('The files that it left were too large to be kept: run it again to see them.');
  }
  if (files.some(({ content }) => content === null)) {
    sentences.push('Files that it was run with were too large to be kept: attach them again.');
  }
  return sentences.join(' ');
}

const NOT_DELETED: ToastRequest = {
  message: 'It could not be deleted: the storage of the browser is full or broken. Try again later.',
  tone: 'error',
};

/** The runs of this browser: restore one, compare two, delete. */
@Component({
  selector: 'app-history-drawer',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [CompareRuns, Icon, SideDrawer],
  templateUrl: './history-drawer.html',
  styleUrl: './history-drawer.css',
})
export class HistoryDrawer {
  protected readonly history = inject(HistoryStore);
  private readonly replacement = inject(ScriptReplacement);
  private readonly toasts = inject(ToastStore);
  private readonly focus = inject(EditorFocus);
  /** Outlives the drawer, as an offer to undo does. */
  private readonly injector = inject(EnvironmentInjector);
  private readonly destroyed = inject(DestroyRef);
  private readonly drawer = viewChild.required(SideDrawer);
  private readonly field = viewChild<ElementRef<HTMLElement>>('field');
  private readonly foot = viewChild.required<ElementRef<HTMLElement>>('foot');
  private readonly rowElements = viewChildren<ElementRef<HTMLElement>>('row');

  readonly closed = output();

  protected readonly search = signal('');
  protected readonly choice = new ComparisonChoice();
  protected readonly isComparing = signal(false);
  protected readonly isAskingToClear = signal(false);
  protected readonly found = computed(() => searchHistory(this.history.entries() ?? [], this.search()));
  protected readonly days = computed(() => groupByDay(this.found(), Date.now()));
  protected readonly timeOfDay = timeOfDay;
  /** null where everything is kept as it should be. */
  protected readonly notice = computed(() => NOTICES[this.history.keeping()]);

  constructor() {
    afterNextRender(() => void this.start());
  }

  /** Gives the focus back to where it was. */
  close(): void {
    this.drawer().close();
  }

  protected iconOf({ outcome }: HistoryEntry): IconName {
    return outcome ? TONE_ICONS[outcome.tone] : 'draft';
  }

  protected outcomeOf({ outcome, elapsedMs }: HistoryEntry): string {
    if (!outcome) return 'Not run';
    return elapsedMs === null ? outcome.title : `${outcome.title} · ${durationText(elapsedMs)}`;
  }

  /** While runs are picked to be compared, a click picks. */
  protected act(entry: HistoryEntry): void {
    if (this.choice.count() > 0 && entry.kind === 'run') this.choice.toggle(entry);
    else void this.restore(entry);
  }

  private async restore(entry: HistoryEntry): Promise<void> {
    const [outcome, setup] = await Promise.all([
      this.history.outcomeOf(entry.id),
      this.history.setupOf(entry),
    ]);
    this.replacement.replace({
      text: entry.script,
      setup,
      outcome,
      isByLink: entry.isUnread === true,
      message: restoredMessage(entry, setup),
    });
    if (this.drawer().isBeside()) return;
    this.drawer().close();
    this.focus.focus();
  }

  protected async remove(entry: HistoryEntry): Promise<void> {
    this.focusNeighbourOf(entry);
    const removed = await this.history.remove([entry]);
    if (!removed) {
      this.toasts.show(NOT_DELETED);
      return;
    }
    this.choice.drop(entry);
    if (this.history.count() === 0) this.drawer().focus();
    this.toasts.show({
      message: entry.kind === 'run' ? 'The run was deleted.' : 'The script was deleted.',
      action: { label: 'Undo', run: () => void this.restoreDeleted(removed) },
    });
  }

  /** The control that has the focus is about to go: the first of those that take its place gets it. */
  protected askToClear(isAsking: boolean): void {
    this.isAskingToClear.set(isAsking);
    this.focusFoot();
  }

  protected forgetChoice(): void {
    this.choice.clear();
    this.focusFoot();
  }

  protected async clear(): Promise<void> {
    this.isAskingToClear.set(false);
    this.choice.clear();
    const isCleared = await this.history.clear();
    this.drawer().focus();
    this.toasts.show(isCleared ? { message: 'The history is empty now.' } : NOT_DELETED);
  }

  protected moveByKey(event: KeyboardEvent, entry: HistoryEntry): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const rows = this.rows();
    const at = rows.indexOf(event.currentTarget as HTMLElement);
    const target = { ArrowDown: rows[at + 1], ArrowUp: rows[at - 1], Home: rows[0], End: rows.at(-1) }[
      event.key
    ];
    if (target) {
      event.preventDefault();
      target.focus();
    } else if (event.key === 'Delete') {
      event.preventDefault();
      void this.remove(entry);
    }
  }

  private async start(): Promise<void> {
    await this.history.read();
    // On a phone the keyboard would cover what a user came to see.
    if (this.drawer().isBeside()) this.afterRender(() => this.field()?.nativeElement.focus());
  }

  private async restoreDeleted(removed: readonly HistoryRecord[]): Promise<void> {
    await this.history.put(removed);
    const ids = removed.map(({ entry }) => entry.id);
    this.afterRender(() => {
      if (this.destroyed.destroyed) this.focus.focus();
      else (this.rows().find((row) => ids.includes(row.dataset['entry'] ?? '')) ?? this.drawer()).focus();
    });
  }

  private focusFoot(): void {
    this.afterRender(() => this.foot().nativeElement.querySelector('button')?.focus());
  }

  private afterRender(work: () => void): void {
    afterNextRender(work, { injector: this.injector });
  }

  /** The focus would fall to the page with the row that has it. */
  private focusNeighbourOf({ id }: HistoryEntry): void {
    const rows = this.rows();
    const at = rows.findIndex((row) => row.dataset['entry'] === id);
    (rows[at + 1] ?? rows[at - 1])?.focus();
  }

  private rows(): HTMLElement[] {
    return this.rowElements().map(({ nativeElement }) => nativeElement);
  }
}
