import {
  ChangeDetectionStrategy,
  Component,
  type ElementRef,
  inject,
  output,
  viewChild,
  viewChildren,
} from '@angular/core';
import { EditorFocus } from '../script/editor-focus';
import { PLAIN_SETUP } from '../script/run-setup';
import { ScriptReplacement } from '../history/script-replacement';
import { Icon } from '../ui/icons/icon';
import { runChords } from '../settings/run-keys';
import { SettingsStore } from '../settings/settings-store';
import { ModalDialog } from '../ui/dialog/modal-dialog';
import type { Example } from './example';
import { EXAMPLES } from './examples';

/** Scripts to learn from, each with a sentence of what it shows. */
@Component({
  selector: 'app-examples-dialog',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon, ModalDialog],
  template: `
    <app-modal-dialog heading="Examples" size="large" (closed)="closed.emit()">
      <p class="lead">
        Choose one to load it, then run it<span class="keys">
          with
          @for (key of keys; track key) {
            <kbd>{{ key }}</kbd>
          }</span
        >. What you have written stays in the history.
      </p>
      @for (group of groups; track group.title) {
        <h3>{{ group.title }}</h3>
        <ul>
          @for (example of group.examples; track example.id) {
            <li class="card" [class.failing]="example.expected !== 'RESULT'">
              <button
                #card
                type="button"
                class="example"
                [attr.data-example]="example.id"
                [attr.data-expected]="example.expected"
                [attr.aria-describedby]="'example-' + example.id"
                (click)="load(example)"
                (keydown)="moveByKey($event)"
              >
                {{ example.title }}
              </button>
              <app-icon [name]="example.expected === 'RESULT' ? 'chevron-right' : 'alert'" />
              <p class="sentence" [id]="'example-' + example.id">{{ example.sentence }}</p>
            </li>
          }
        </ul>
      }
    </app-modal-dialog>
  `,
  styleUrl: './examples-dialog.css',
})
export class ExamplesDialog {
  private readonly replacement = inject(ScriptReplacement);
  private readonly focus = inject(EditorFocus);
  private readonly cards = viewChildren<ElementRef<HTMLElement>>('card');
  private readonly dialog = viewChild.required(ModalDialog);

  readonly closed = output();

  protected readonly groups = EXAMPLES;
  protected readonly keys = runChords(inject(SettingsStore).settings().runKeys)[0] ?? [];

  protected load({ title, script, setup = PLAIN_SETUP }: Example): void {
    this.dialog().close();
    this.replacement.replace({ text: script, setup, message: `Loaded the example “${title}”.` });
    this.focus.focus();
  }

  /** Arrows go through all of them, as they stand on the screen. */
  protected moveByKey(event: KeyboardEvent): void {
    const cards = this.cards().map(({ nativeElement }) => nativeElement);
    const target = cardAfterKey(cards, event.currentTarget as HTMLElement, event.key);
    if (!target) return;
    event.preventDefault();
    target.focus();
  }
}

function cardAfterKey(
  cards: readonly HTMLElement[],
  from: HTMLElement,
  key: string,
): HTMLElement | undefined {
  const at = cards.indexOf(from);
  switch (key) {
    case 'ArrowRight':
      return cards[at + 1];
    case 'ArrowLeft':
      return cards[at - 1];
    case 'ArrowDown':
      return nearestInNextRow(cards.slice(at + 1), from);
    case 'ArrowUp':
      return nearestInNextRow(cards.slice(0, at).reverse(), from);
    case 'Home':
      return cards[0];
    case 'End':
      return cards.at(-1);
    default:
      return undefined;
  }
}

/** Groups may have rows that are not full, so the place on the screen decides. */
function nearestInNextRow(cards: readonly HTMLElement[], from: HTMLElement): HTMLElement | undefined {
  const { left, top } = from.getBoundingClientRect();
  const row = cards.find((card) => card.getBoundingClientRect().top !== top)?.getBoundingClientRect().top;
  return cards
    .filter((card) => card.getBoundingClientRect().top === row)
    .sort((a, b) => distance(a, left) - distance(b, left))[0];
}

function distance(card: HTMLElement, left: number): number {
  return Math.abs(card.getBoundingClientRect().left - left);
}
