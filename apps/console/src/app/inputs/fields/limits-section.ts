import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { requestedLimitRanges } from '@pycell/contracts';
import { MetadataStore } from '../../metadata/metadata-store';
import { SetupStore } from '../../script/setup-store';
import type { InputProblem } from '../values/compose-inputs';
import { CHOSEN_LIMITS, type ChosenLimit, limitControl } from '../values/controls';

const COUNT = new Intl.NumberFormat('en');
const LABELS: Readonly<Record<ChosenLimit, string>> = { timeoutMs: 'Time, ms', memoryMb: 'Memory, MB' };

/** Less time or memory than the service gives. */
@Component({
  selector: 'app-limits-section',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @for (limit of limits(); track limit.name) {
      <div class="limit">
        <label [attr.for]="'limit-' + limit.name">{{ limit.label }}</label>
        <input
          #field
          class="field"
          inputmode="numeric"
          autocomplete="off"
          [id]="'limit-' + limit.name"
          [attr.data-control]="limit.control"
          [placeholder]="limit.most"
          [value]="limit.text"
          [attr.aria-invalid]="limit.problem !== null"
          [attr.aria-describedby]="'limit-hint-' + limit.name"
          (input)="choose(limit.name, field.value)"
        />
        <p [id]="'limit-hint-' + limit.name" [class.problem]="limit.problem !== null">
          {{ limit.problem ?? limit.range }}
        </p>
      </div>
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      gap: 8px 16px;
    }
    .limit {
      display: flex;
      flex-direction: column;
      gap: 4px;
      width: 160px;
    }
    label {
      font-weight: 500;
    }
    p {
      margin: 0;
      color: var(--text-muted);
      font-size: var(--size-small);
    }
    .problem {
      color: var(--error-text);
    }
  `,
})
export class LimitsSection {
  readonly problems = input.required<readonly InputProblem[]>();

  private readonly setup = inject(SetupStore);
  private readonly metadata = inject(MetadataStore);
  /** As they were typed, where that is no number. */
  private readonly typed = new Map<ChosenLimit, string>();

  protected readonly limits = computed(() => {
    const ranges = requestedLimitRanges(this.metadata.limits());
    const chosen = this.setup.limits();
    return CHOSEN_LIMITS.map((name) => {
      const { min, max } = ranges[name];
      const value = chosen[name];
      const control = limitControl(name);
      return {
        name,
        control,
        label: LABELS[name],
        text: value === undefined ? '' : Number.isNaN(value) ? (this.typed.get(name) ?? '') : String(value),
        most: String(max),
        range: `${COUNT.format(min)} to ${COUNT.format(max)}`,
        problem: this.problems().find((problem) => problem.control === control)?.message ?? null,
      };
    });
  });

  protected choose(name: ChosenLimit, text: string): void {
    this.typed.set(name, text);
    // What is no number is kept as none: a run is not sent before it is mended.
    const value = /^\d{1,9}$/.test(text.trim()) ? Number(text) : Number.NaN;
    const others = Object.entries(this.setup.limits()).filter(([other]) => other !== name);
    this.setup.change({
      limits: Object.fromEntries(text.trim() === '' ? others : [...others, [name, value]]),
    });
  }
}
