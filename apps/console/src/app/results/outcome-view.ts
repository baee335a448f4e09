import { NgTemplateOutlet } from '@angular/common';
import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  inject,
  input,
  linkedSignal,
  untracked,
} from '@angular/core';
import type { RunOutcome } from '../api/run-outcome';
import type { RunOutput } from '../api/run-output';
import { lineCount, outputOf } from '../outcomes/printed-output';
import type { FinishedRun } from '../runs/run-store';
import { describeOutcome } from '../outcomes/outcome-description';
import { CHOSEN_TAB, type PanelTab, tabAfterRun, tabDuringRun } from './panel-tabs';
import { artifactsOf } from '../outcomes/left-artifacts';
import { imageSource } from './files/artifact-content';
import { FilesView } from './files/files-view';
import { ProblemView } from './problem/problem-view';
import { countText } from '../ui/formatting/figures';
import { StatusLine } from './status/status-line';
import { StreamView } from './text/stream-view';
import { panelId, type Tab, tabId, TabStrip } from '../ui/controls/tab-strip';
import { isSameSetup } from '../script/run-setup';
import { ScriptStore } from '../script/script-store';
import { SetupStore } from '../script/setup-store';
import { IS_WIDE_PAGE } from '../ui/panes/wide-page';
import { ValueModel } from './value/value-model';
import { VALUE_PREFIX, ValueView } from './value/value-view';
import type { ValueViewName } from './value/value-views';

const PREFIX = 'outcome';
const STREAMS = ['stdout', 'stderr'] as const;
/** A plain value of so few characters is seen whole in a few lines. */
const SHORT_VALUE = 200;
const VIEW_TABS: Readonly<Record<ValueViewName, Omit<Tab, 'id'>>> = {
  tree: { name: 'Tree', icon: 'tree' },
  table: { name: 'Table', icon: 'table' },
  chart: { name: 'Chart', icon: 'chart' },
  text: { name: 'Text', icon: 'terminal' },
  raw: { name: 'Raw', icon: 'braces' },
};

interface Followed {
  readonly outcome: RunOutcome | null;
  readonly live: RunOutput | null;
}

/** How much height the result asks for below what was printed. */
type Room = 'little' | 'some' | 'message' | 'half';

/**
 * What came of a run: what was printed, the result or what went wrong, and the figures. One below the other; in tabs where
 * the page is narrow.
 */
@Component({
  selector: 'app-outcome-view',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [FilesView, NgTemplateOutlet, ProblemView, StatusLine, StreamView, TabStrip, ValueView],
  providers: [ValueModel],
  templateUrl: './outcome-view.html',
  styleUrl: './outcome-view.css',
})
export class OutcomeView {
  /** null while a run goes on whose output is shown. */
  readonly outcome = input.required<RunOutcome | null>();
  /** The run that it came from; null where that is not known. */
  readonly run = input.required<FinishedRun | null>();
  /** How long another run has been in progress, milliseconds; null where there is none, or it has just begun. */
  readonly runningMs = input.required<number | null>();
  /** The run in progress, where it has printed something: that is shown instead of an outcome. */
  readonly live = input<RunOutput | null>(null);

  private readonly chosenTab = inject(CHOSEN_TAB);
  protected readonly value = inject(ValueModel);

  private readonly script = inject(ScriptStore);
  private readonly setup = inject(SetupStore);

  protected readonly isEdited = computed(() => {
    const run = this.run();
    return run !== null && (run.script !== this.script.text() || !isSameSetup(run.setup, this.setup.setup()));
  });
  protected readonly cameAt = computed(() => {
    const run = this.run();
    return run && run.startedAt + run.elapsedMs;
  });
  protected readonly isWide = inject(IS_WIDE_PAGE);
  protected readonly prefix = PREFIX;
  protected readonly valuePrefix = VALUE_PREFIX;
  protected readonly panelId = panelId;
  protected readonly tabId = tabId;
  protected readonly output = computed(() => outputOf(this.outcome()));
  protected readonly artifacts = computed(() => artifactsOf(this.outcome()));
  /** Figures are what a script that draws is for; files to download come behind the result. */
  protected readonly areFilesFirst = computed(
    () => !this.isError() && this.artifacts().some((artifact) => imageSource(artifact) !== null),
  );
  /** As the script was run, or where that is not known, as it would be: it was restored with it. */
  protected readonly mode = computed(() => this.run()?.setup.mode ?? this.setup.mode());
  protected readonly tab = linkedSignal(() => {
    const outcome = this.outcome();
    if (outcome) return tabAfterRun(outcome, this.chosenTab());
    // Where both streams come, the one that is looked at stays.
    return tabDuringRun(
      untracked(() => this.live()?.written() ?? []),
      this.chosenTab(),
    );
  });
  /** The panels that exist: those that have been looked at since the outcome came. */
  protected readonly opened = linkedSignal<
    { readonly outcome: RunOutcome | null; readonly tab: PanelTab },
    ReadonlySet<PanelTab>
  >({
    source: () => ({ outcome: this.outcome(), tab: this.tab() }),
    computation: ({ outcome, tab }, previous) =>
      new Set(previous?.source.outcome === outcome ? [...previous.value, tab] : [tab]),
  });
  protected readonly isError = computed(() => {
    const outcome = this.outcome();
    return outcome !== null && describeOutcome(outcome).tone === 'error';
  });
  /** It is of the run before the one in progress. */
  protected readonly isStale = computed(() => this.runningMs() !== null && this.live() === null);
  protected readonly resultName = computed(() => (this.isError() ? 'Error' : 'Result'));
  /** The streams that something was written to. */
  protected readonly written = computed(
    () => this.live()?.written() ?? STREAMS.filter((name) => this.output()[name] !== ''),
  );
  /** What was seen while it came stays in view when all has come. */
  protected readonly follows = linkedSignal<Followed, boolean>({
    source: () => ({ outcome: this.outcome(), live: this.live() }),
    computation: ({ outcome, live }, previous) =>
      live !== null ||
      (previous !== undefined &&
        (previous.source.live !== null || (previous.value && previous.source.outcome === outcome))),
  });
  protected readonly room = computed<Room>(() => {
    const outcome = this.outcome();
    if (outcome?.kind === 'cancelled' || outcome?.kind === 'unreachable') return 'message';
    if (outcome?.kind !== 'succeeded') return 'half';
    if (outcome.resultText === 'null') return 'little';
    const json = this.value.json();
    return json && !json.isContainer(json.root) && outcome.resultText.length < SHORT_VALUE ? 'some' : 'half';
  });
  private readonly lines = computed(() => {
    const live = this.live();
    if (!live) return { stdout: lineCount(this.output().stdout), stderr: lineCount(this.output().stderr) };
    // By the clock, not with every line.
    this.runningMs();
    return { stdout: live.stdout.lineCount, stderr: live.stderr.lineCount };
  });
  protected readonly tabs = computed<readonly Tab[]>(() => {
    const files = this.artifacts().length;
    const { stdout, stderr } = this.lines();
    return [
      { id: 'result', name: this.resultName(), ...(this.isError() ? { tone: 'error' } : {}) },
      ...(files === 0 ? [] : [filesTab(files)]),
      { id: 'stdout', name: 'stdout', ...countOf(stdout) },
      { id: 'stderr', name: 'stderr', ...countOf(stderr), tone: 'warning' },
    ];
  });
  protected readonly viewTabs = computed<readonly Tab[]>(() => {
    const views = this.value.views();
    if (views.length < 2) return [];
    return views.map((id) => ({ id, ...VIEW_TABS[id] }));
  });
  constructor() {
    effect(() => {
      const outcome = this.outcome();
      this.value.show(outcome?.kind === 'succeeded' ? outcome.resultText : null);
    });
  }

  protected choose(tab: string): void {
    this.chosenTab.set(tab as PanelTab);
    this.tab.set(tab as PanelTab);
  }

  protected chooseView(view: string): void {
    this.value.choose(view as ValueViewName);
  }
}

function filesTab(count: number): Tab {
  return { id: 'files', name: 'Files', count: { short: String(count), words: countText(count, 'file') } };
}

function countOf(lines: number): Pick<Tab, 'count'> {
  if (lines === 0) return {};
  const short = lines > 999 ? '999+' : String(lines);
  return { count: { short, words: countText(lines, 'line') } };
}
