import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  inject,
  InjectionToken,
  input,
  output,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { FindField } from '../finding/find-field';
import { MatchSearch } from '../finding/match-search';
import { TextSearch } from '../finding/text-search';
import { CopyButton } from '../../ui/controls/copy-button';
import { ToolButton } from '../../ui/controls/tool-button';
import type { StyledText } from './styled-text';
import type { TextMatches } from './text-matches';
import { TextView } from './text-view';

/** Whether long lines go on in the next row: in every text, until the user changes it. */
export const WRAPS_LINES = new InjectionToken('wraps lines', {
  providedIn: 'root',
  factory: () => signal(true),
});

/** What the parts of a pane are called, for screen readers and as tooltips. */
export interface TextPaneNames {
  readonly region: string;
  readonly find: string;
  readonly copy: string;
  readonly download: string;
}

/** A text with what one does with it: find, wrap, copy, download. Other tools are projected. */
@Component({
  selector: 'app-text-pane',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [CopyButton, FindField, TextView, ToolButton],
  templateUrl: './text-pane.html',
  styleUrl: '../../ui/controls/toolbar.css',
})
export class TextPane {
  readonly text = input.required<StyledText>();
  readonly names = input.required<TextPaneNames>();
  /** How much it is. */
  readonly facts = input.required<string>();
  /** Shown before everything else; empty where it is said elsewhere. */
  readonly heading = input('');
  /** Whether it is still being written: the tools for the whole come when all of it is there. */
  readonly isLive = input(false);
  /** Whether the end stays in view. */
  readonly follow = input(false);
  readonly download = output();

  private readonly view = viewChild.required(TextView);
  private readonly field = viewChild(FindField);
  protected readonly isWrapped = inject(WRAPS_LINES);
  protected readonly search = new MatchSearch();
  protected readonly matches = computed<TextMatches>(() => ({
    starts: this.search.matches(),
    length: this.search.query().length,
    current: this.search.current(),
  }));
  protected readonly wholeText = (): string => this.text().text;

  constructor() {
    effect(() => {
      // Another text: what was searched for in the one before is searched for here.
      this.text();
      const query = untracked(this.search.query);
      if (query !== '' && !untracked(this.isLive)) void untracked(() => this.searchNow(query));
    });
  }

  protected async searchNow(query: string): Promise<void> {
    if (await this.search.search(query, new TextSearch(this.text().text, query))) this.showMatch();
  }

  protected step(by: 1 | -1): void {
    this.search.step(by);
    this.showMatch();
  }

  protected goToField(): void {
    this.field()?.focus();
  }

  private showMatch(): void {
    const { current, length } = this.matches();
    if (current !== null) this.view().reveal(current, length);
  }
}
