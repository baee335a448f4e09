import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  inject,
  input,
  linkedSignal,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { Icon } from '../../ui/icons/icon';
import { FindField } from '../finding/find-field';
import { MatchSearch } from '../finding/match-search';
import type { JsonDocument } from '../json/json-document';
import { JsonSearch } from '../json/json-search';
import { ClipboardWriter } from '../../browser/clipboard-writer';
import { ScrollArea } from '../../ui/scrolling/scroll-area';
import { scrollTopFor, windowOf } from '../../ui/scrolling/virtual-window';
import { CopyButton } from '../../ui/controls/copy-button';
import { ToolButton } from '../../ui/controls/tool-button';
import { NodeDetails } from './node-details';
import { piecesOf, rowContent } from './row-content';
import { moveByKey, OpenContainers, rowOf } from './tree-rows';

const ROW_HEIGHT = 24;
/** Above the first row and below the last one together, CSS pixels. */
const PADDING = 16;
let lastId = 0;

/** A result as a tree whose containers open and close, by the tree pattern of WAI-ARIA. Only rows that are seen exist. */
@Component({
  selector: 'app-tree-view',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [CopyButton, FindField, Icon, NodeDetails, ScrollArea, ToolButton],
  templateUrl: './tree-view.html',
  styleUrls: ['../../ui/controls/toolbar.css', './tree-view.css'],
})
export class TreeView {
  readonly json = input.required<JsonDocument>();

  private readonly clipboard = inject(ClipboardWriter);
  private readonly area = viewChild.required(ScrollArea);
  private readonly changes = signal(0);
  private readonly containers = computed(() => {
    const containers = new OpenContainers(this.json());
    containers.openInitially();
    return containers;
  });
  private readonly rows = computed(() => {
    this.changes();
    return this.containers().rows();
  });

  protected readonly id = `tree-${String((lastId += 1))}`;
  protected readonly search = new MatchSearch();
  /** The value that keys and the bar below are about. */
  protected readonly active = linkedSignal({ source: this.json, computation: (json) => json.root });
  private readonly list = computed(() => ({
    count: this.rows().length,
    rowHeight: ROW_HEIGHT,
    viewport: Math.max(0, this.area().viewport().height - PADDING),
  }));
  protected readonly drawn = computed(() => windowOf(this.list(), this.area().scrolled().top), {
    equal: (a, b) => a.first === b.first && a.end === b.end && a.offset === b.offset && a.height === b.height,
  });
  protected readonly visible = computed(() => {
    const { first, end } = this.drawn();
    const json = this.json();
    return Array.from(this.rows().subarray(first, end), (node) => {
      const content = rowContent(json, node, this.containers().isOpen(node));
      const query = this.search.query();
      return {
        ...content,
        place: json.ordinal(node) + 1,
        of: node === json.root ? 1 : json.size(json.parent(node)),
        namePieces: piecesOf(content.name ?? '', content.isKey ? query : ''),
        valuePieces: piecesOf(content.value, content.canOpen ? '' : query),
      };
    });
  });
  protected readonly activeId = computed(() =>
    this.visible().some(({ node }) => node === this.active()) ? this.rowId(this.active()) : null,
  );

  constructor() {
    effect(() => {
      // Another result: what was searched for in the one before is searched for here.
      const json = this.json();
      const query = untracked(this.search.query);
      if (query !== '') void this.searchNow(json, query);
    });
  }

  protected rowId(node: number): string {
    return `${this.id}-${node}`;
  }

  protected handleKey(event: KeyboardEvent, find: FindField): void {
    if (event.ctrlKey || event.metaKey) {
      if (event.key === 'c' && getSelection()?.isCollapsed !== false) this.copyActive();
      else if (event.key === 'f') {
        event.preventDefault();
        find.focus();
      }
      return;
    }
    if (event.altKey || event.shiftKey) return;
    const { viewport } = this.area();
    const move = moveByKey(event.key, {
      json: this.json(),
      containers: this.containers(),
      rows: this.rows(),
      node: this.active(),
      page: Math.max(1, Math.floor(viewport().height / ROW_HEIGHT) - 1),
    });
    if (!move) return;
    event.preventDefault();
    if (move.kind === 'go') this.goTo(move.node);
    else this.setOpen(move.node, move.kind === 'open');
  }

  protected press(node: number, canOpen: boolean): void {
    this.active.set(node);
    // A selection of text is no click.
    if (canOpen && getSelection()?.isCollapsed !== false) this.setOpen(node, !this.containers().isOpen(node));
  }

  protected setAll(isOpen: boolean): void {
    this.containers().setAll(isOpen);
    this.changes.update((count) => count + 1);
    this.goTo(this.rows()[rowOf(this.rows(), this.active())] ?? this.json().root);
  }

  protected async searchNow(json: JsonDocument, query: string): Promise<void> {
    if (await this.search.search(query, new JsonSearch(json, query))) this.showMatch();
  }

  protected step(by: 1 | -1): void {
    this.search.step(by);
    this.showMatch();
  }

  protected readonly wholeText = (): string => this.json().text;

  private showMatch(): void {
    const match = this.search.current();
    if (match === null) return;
    this.containers().reveal(match);
    this.changes.update((count) => count + 1);
    this.goTo(match);
  }

  private setOpen(node: number, isOpen: boolean): void {
    this.containers().set(node, isOpen);
    this.changes.update((count) => count + 1);
  }

  private goTo(node: number): void {
    this.active.set(node);
    const top = this.area().scrolled().top;
    this.area().scrollTo({ top: scrollTopFor(this.list(), rowOf(this.rows(), node), top) });
  }

  private copyActive(): void {
    void this.clipboard.write(this.json().plain(this.active()));
  }
}
