import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  computed,
  type ElementRef,
  EnvironmentInjector,
  inject,
  output,
  signal,
  viewChild,
  viewChildren,
} from '@angular/core';
import { EditorFocus } from '../script/editor-focus';
import { SideDrawer } from '../ui/drawer/side-drawer';
import { Icon } from '../ui/icons/icon';
import { BackgroundCommand, NOT_OFFERED } from './background-command';
import { BackgroundFollowing } from './background-following';
import { BackgroundOpener } from './background-opener';
import { type BackgroundRun, isFollowed, isOver } from './background-run';
import { BackgroundStarter } from './background-starter';
import { BackgroundStore } from './background-store';
import { detailText, momentText, statusIcon, statusText, statusTone } from './status-text';

/** The runs in the background of the API in force: show one, cancel, try again, remove. */
@Component({
  selector: 'app-background-drawer',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon, SideDrawer],
  templateUrl: './background-drawer.html',
  styleUrl: './background-drawer.css',
})
export class BackgroundDrawer {
  protected readonly store = inject(BackgroundStore);
  protected readonly command = inject(BackgroundCommand);
  private readonly following = inject(BackgroundFollowing);
  private readonly opener = inject(BackgroundOpener);
  private readonly starter = inject(BackgroundStarter);
  private readonly focus = inject(EditorFocus);
  private readonly injector = inject(EnvironmentInjector);
  private readonly drawer = viewChild.required(SideDrawer);
  private readonly rowElements = viewChildren<ElementRef<HTMLElement>>('row');
  private readonly cancelling = signal<ReadonlySet<string>>(new Set());

  readonly closed = output();

  protected readonly notOffered = NOT_OFFERED;
  protected readonly iconOf = statusIcon;
  protected readonly toneOf = statusTone;
  protected readonly isGoingOn = isFollowed;
  protected readonly runs = computed(() => this.store.runs() ?? []);
  protected readonly overCount = computed(() => this.runs().filter(isOver).length);
  protected readonly goingOnText = computed(() => {
    const count = this.following.goingOn();
    return count === 0 ? 'None goes on' : `${count} going on`;
  });

  constructor() {
    // On a phone the first row would be covered by nothing; the drawer's own focus is the close button.
    afterNextRender(() => this.rows()[0]?.focus());
  }

  /** Gives the focus back to where it was. */
  close(): void {
    this.drawer().close();
  }

  protected statusOf(run: BackgroundRun): string {
    return this.isCancelling(run) ? 'Cancelling' : statusText(run, this.following.now());
  }

  protected momentOf({ at }: BackgroundRun): string {
    return momentText(at, Date.now());
  }

  protected detailOf(run: BackgroundRun): string {
    return detailText(run, Date.now());
  }

  protected isCancelling(run: BackgroundRun): boolean {
    return isFollowed(run) && this.cancelling().has(run.key);
  }

  protected async open(run: BackgroundRun): Promise<void> {
    const isShown = await this.opener.open(run);
    if (!isShown || this.drawer().isBeside()) return;
    this.drawer().close();
    this.focus.focus();
  }

  protected async cancel(run: BackgroundRun): Promise<void> {
    if (this.isCancelling(run)) return;
    this.rowOf(run)?.focus();
    this.cancelling.update((keys) => new Set([...keys, run.key]));
    try {
      await this.opener.cancel(run);
    } finally {
      this.cancelling.update((keys) => new Set([...keys].filter((key) => key !== run.key)));
    }
  }

  protected async again(run: BackgroundRun): Promise<void> {
    this.rowOf(run)?.focus();
    await this.starter.again(run);
  }

  protected async remove(run: BackgroundRun): Promise<void> {
    const rows = this.rows();
    const at = rows.findIndex((row) => row.dataset['key'] === run.key);
    (rows[at + 1] ?? rows[at - 1])?.focus();
    await this.store.remove([run.key]);
    if (this.runs().length === 0) this.drawer().focus();
  }

  protected async removeOver(): Promise<void> {
    const over = this.runs().filter(isOver);
    await this.store.remove(over.map(({ key }) => key));
    afterNextRender(() => (this.rows()[0] ?? this.drawer()).focus(), { injector: this.injector });
  }

  protected moveByKey(event: KeyboardEvent, run: BackgroundRun): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const rows = this.rows();
    const at = rows.indexOf(event.currentTarget as HTMLElement);
    const target = { ArrowDown: rows[at + 1], ArrowUp: rows[at - 1], Home: rows[0], End: rows.at(-1) }[
      event.key
    ];
    if (target) {
      event.preventDefault();
      target.focus();
    } else if (event.key === 'Delete' && (isOver(run) || run.status === 'unanswered')) {
      event.preventDefault();
      void this.remove(run);
    }
  }

  private rowOf({ key }: BackgroundRun): HTMLElement | undefined {
    return this.rows().find((row) => row.dataset['key'] === key);
  }

  private rows(): HTMLElement[] {
    return this.rowElements().map(({ nativeElement }) => nativeElement);
  }
}
