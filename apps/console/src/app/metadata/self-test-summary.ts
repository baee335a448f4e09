import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { MetadataResponse } from '@pycell/contracts';
import { Icon } from '../ui/icons/icon';
import { checkText, selfTestText } from './self-test-text';

/** The latest isolation self-test of the API: a line, and on demand what was looked at. */
@Component({
  selector: 'app-self-test-summary',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon],
  template: `
    @if (isolation() === 'none') {
      not applicable: nothing is isolated
    } @else if (selfTest().checks.length === 0) {
      not run yet
    } @else {
      <details>
        <summary>
          <span [class]="hasFailed() ? 'bad' : 'good'"
            ><app-icon [name]="hasFailed() ? 'alert' : 'check'" />{{
              hasFailed() ? 'failed' : 'passed'
            }}</span
          >: {{ text() }}
        </summary>
        <ul>
          @for (check of checks(); track check.name) {
            <li [class.bad]="!check.passed">{{ check.text }}{{ check.passed ? '' : ': not held' }}</li>
          }
        </ul>
      </details>
    }
  `,
  styleUrl: './self-test-summary.css',
})
export class SelfTestSummary {
  readonly selfTest = input.required<MetadataResponse['selfTest']>();
  readonly isolation = input.required<string>();

  /** As old as it is when the API tells of it: the settings ask when they are opened. */
  protected readonly text = computed(() => selfTestText(this.selfTest(), Date.now()));
  protected readonly hasFailed = computed(() => this.selfTest().checks.some(({ passed }) => !passed));
  protected readonly checks = computed(() =>
    this.selfTest().checks.map(({ name, passed }) => ({ name, passed, text: checkText(name) })),
  );
}
