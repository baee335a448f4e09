import { NgTemplateOutlet } from '@angular/common';
import { ChangeDetectionStrategy, Component, computed, input, output, signal } from '@angular/core';
import { fieldControl } from '../values/controls';
import { looksLikeJson } from '../values/field-json';
import type { InputField } from '../values/input-field';
import { inputTypeOf, optionText, placeholderOf, typeText } from './field-texts';
import { TableField } from './table-field';

/** One parameter of `main`: a label, a control for what it takes, and what is wrong with what was typed. */
@Component({
  selector: 'app-field-control',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [NgTemplateOutlet, TableField],
  host: { '[attr.data-kind]': 'field().kind' },
  templateUrl: './field-control.html',
  styleUrl: './field-control.css',
})
export class FieldControl {
  readonly field = input.required<InputField>();
  /** As it was typed; empty where it was not. */
  readonly text = input.required<string>();
  /** Why it cannot be sent; null where it can. */
  readonly problem = input.required<string | null>();
  /** A run was asked for: what is missing is said too. */
  readonly isRefused = input.required<boolean>();
  /** Tells its ids from those of other fields. */
  readonly place = input.required<number>();
  readonly typed = output<string>();

  /** The user has been here, and left. */
  protected readonly isLeft = signal(false);
  protected readonly id = computed(() => `input-${this.place()}`);
  protected readonly control = computed(() => fieldControl(this.field().name));
  protected readonly type = computed(() => typeText(this.field()));
  protected readonly placeholder = computed(() => placeholderOf(this.field()));
  protected readonly inputType = computed(() => inputTypeOf(this.field().kind, this.text()));
  protected readonly isSeconds = computed(() => ['datetime-local', 'time'].includes(this.inputType()));
  protected readonly hint = computed(() => {
    const { kind, description } = this.field();
    const isSentAsText = kind === 'any' && this.text().trim() !== '' && !looksLikeJson(this.text());
    return [description, isSentAsText ? 'Sent as text.' : ''].filter(Boolean).join(' ');
  });
  protected readonly shownProblem = computed(() => {
    const isMissing = this.text().trim() === '';
    return this.isRefused() || (this.isLeft() && !isMissing) ? this.problem() : null;
  });
  protected readonly describedBy = computed(
    () =>
      [`${this.id()}-type`, this.hint() && `${this.id()}-hint`, this.shownProblem() && `${this.id()}-problem`]
        .filter(Boolean)
        .join(' ') || null,
  );
  /** A box shows what holds: the default, until it is ticked or not. */
  protected readonly isTicked = computed(() => (this.text() || this.field().defaultJson) === 'true');
  protected readonly choices = computed(() => {
    const { kind, options } = this.field();
    return kind === 'boolean' ? ['true', 'false'] : options;
  });
  protected readonly emptyChoice = computed(() => {
    const { isRequired, isNullable, defaultJson } = this.field();
    if (defaultJson !== null) return `Default: ${optionText(defaultJson)}`;
    if (isNullable) return 'None';
    return isRequired ? 'Choose…' : 'Default';
  });
  protected readonly optionText = optionText;
}
