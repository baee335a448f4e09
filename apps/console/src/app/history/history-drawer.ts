import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  computed,
  ElementRef,
  inject,
  Injector,
  output,
  signal,
  viewChild,
} from '@angular/core';
import { EditorFocus } from '../editor/editor-focus';
import { type IconName } from '../icons/icon-paths';
import { Icon } from '../icons/icon';
import { SideDrawer } from '../shell/side-drawer';
import { ToastStore } from '../shell/toast-store';
import { CompareRuns } from './compare-runs';
import { ComparisonChoice } from './comparison-choice';
import { durationText, groupByDay, searchHistory, timeOfDay } from './history-days';
import { type HistoryEntry, isResultMissing } from './history-entry';
import { HistoryStore } from './history-store';
import { ScriptReplacement } from './script-replacement';

const ICONS: Readonly<Record<string, IconName>> = {
  success: 'check',
  warning: 'clock',
  error: 'alert',
  neutral: 'stop',
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
  private readonly injector = inject(Injector);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly drawer = viewChild.required(SideDrawer);

  readonly closed = output();

  protected readonly search = signal('');
  protected readonly choice = new ComparisonChoice();
  protected readonly isComparing = signal(false);
  protected readonly isAskingToClear = signal(false);
  protected readonly found = computed(() => searchHistory(this.history.entries() ?? [], this.search()));
  protected readonly days = computed(() => groupByDay(this.found(), Date.now()));
  protected readonly timeOfDay = timeOfDay;

  constructor() {
    afterNextRender(() => void this.start());
  }

  protected iconOf({ outcome }: HistoryEntry): IconName {
    return ICONS[outcome?.tone ?? ''] ?? 'draft';
  }

  protected outcomeOf({ outcome, elapsedMs }: HistoryEntry): string {
    if (!outcome) return 'Not run';
    return elapsedMs === null ? outcome.title : `${outcome.title} · ${durationText(elapsedMs)}`;
  }

  protected async restore(entry: HistoryEntry): Promise<void> {
    const outcome = await this.history.outcomeOf(entry.id);
    const time = timeOfDay(entry.at);
    this.replacement.replace({
      text: entry.script,
      outcome,
      message: isResultMissing(entry)
        ? `Restored the script of ${time}. Its result was too large to be kept: run it again to see it.`
        : `Restored the script of ${time}.`,
    });
    if (this.drawer().isBeside()) return;
    this.drawer().close();
    this.focus.focus();
  }

  protected async remove(entry: HistoryEntry): Promise<void> {
    this.focusNeighbourOf(entry);
    const removed = await this.history.remove([entry]);
    this.choice.drop(entry);
    if (this.history.count() === 0) this.drawer().focus();
    this.toasts.show({
      message: entry.kind === 'run' ? 'The run was deleted.' : 'The script was deleted.',
      action: { label: 'Undo', run: () => void this.history.put(removed) },
    });
  }

  protected async clear(): Promise<void> {
    this.isAskingToClear.set(false);
    this.choice.clear();
    await this.history.clear();
    this.drawer().focus();
    this.toasts.show({ message: 'The history is empty now.' });
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
    // On a phone the keyboard would cover what a person came to see.
    if (this.drawer().isBeside())
      afterNextRender(() => this.searchField()?.focus(), { injector: this.injector });
  }

  private searchField(): HTMLElement | null {
    return this.host.querySelector<HTMLElement>('input');
  }

  /** The focus would fall to the page with the row that has it. */
  private focusNeighbourOf({ id }: HistoryEntry): void {
    const rows = this.rows();
    const at = rows.findIndex((row) => row.dataset['entry'] === id);
    (rows[at + 1] ?? rows[at - 1])?.focus();
  }

  private rows(): HTMLElement[] {
    return Array.from(this.host.querySelectorAll<HTMLElement>('.restore'));
  }
}
