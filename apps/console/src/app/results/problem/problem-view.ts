import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { isAboutKey, type RunOutcome } from '../../api/run-outcome';
import { EditorFocus } from '../../script/editor-focus';
import { Icon } from '../../ui/icons/icon';
import { WrapCommand } from '../../editor/check/wrap-command';
import { RunCommand } from '../../runs/run-command';
import { describeOutcome, refusedForSeconds } from '../../outcomes/outcome-description';
import { outputOf } from '../../outcomes/printed-output';
import { CopyButton } from '../../ui/controls/copy-button';
import { adviceOn } from '../../outcomes/advice';
import { excerptOf } from './excerpt';
import { countdownTo } from './retry-countdown';
import { readTraceback, type TracebackFrame } from './traceback';

/** Outcomes that may be others the next time, with the same script. */
const WORTH_ANOTHER_TRY: readonly RunOutcome['kind'][] = ['busy', 'unreachable', 'wrong-api', 'cancelled'];

/** What went wrong, where, and what to do next. */
@Component({
  selector: 'app-problem-view',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [CopyButton, Icon],
  templateUrl: './problem-view.html',
  styleUrl: './problem-view.css',
})
export class ProblemView {
  /** Any but a success. */
  readonly outcome = input.required<RunOutcome>();
  /** The script that ran; null where that is not known for certain. */
  readonly script = input.required<string | null>();
  /** When it came, milliseconds since the epoch; null where that is not known: then nothing is waited for. */
  readonly cameAt = input<number | null>(null);
  /** What the script had printed is elsewhere: a button goes there. */
  readonly offersOutput = input.required<boolean>();
  /** The user wants to see what the script had printed. */
  readonly showOutput = output<'stdout' | 'stderr'>();

  private readonly editor = inject(EditorFocus);
  protected readonly command = inject(RunCommand);
  private readonly wrapping = inject(WrapCommand);

  protected readonly description = computed(() => describeOutcome(this.outcome()));
  protected readonly advice = computed(() => adviceOn(this.outcome()));
  protected readonly error = computed(() => {
    const outcome = this.outcome();
    return outcome.kind === 'failed' || outcome.kind === 'busy' ? outcome.error : null;
  });
  /** How the process ended, where it ended by itself. */
  protected readonly ending = computed(() => {
    const { exitCode, signal } = this.error() ?? {};
    if (typeof signal === 'string') return `Signal: ${signal}`;
    return typeof exitCode === 'number' ? `Exit code: ${exitCode}` : '';
  });
  protected readonly canRetry = computed(() => {
    const outcome = this.outcome();
    if (outcome.kind !== 'failed') return WORTH_ANOTHER_TRY.includes(outcome.kind);
    return outcome.status >= 500 || outcome.error.code === 'RATE_LIMITED';
  });
  protected readonly wantsKey = computed(() => isAboutKey(this.outcome()));
  /** How long the service takes nothing yet, seconds. */
  protected readonly secondsToWait = countdownTo(
    computed(() => {
      const cameAt = this.cameAt();
      const seconds = refusedForSeconds(this.outcome());
      return cameAt === null || seconds === null ? null : cameAt + seconds * 1_000;
    }),
  );
  protected readonly canWrap = computed(
    () => this.error()?.code === 'MAIN_MISSING' && this.wrapping.isOffered(),
  );
  protected readonly traceback = computed(() => readTraceback(this.error()?.traceback ?? ''));
  protected readonly isChain = computed(
    () => this.traceback().filter(({ kind }) => kind === 'frame').length > 1,
  );
  protected readonly printed = computed<'stdout' | 'stderr' | null>(() => {
    if (!this.offersOutput()) return null;
    const { stdout, stderr } = outputOf(this.outcome());
    if (stdout !== '') return 'stdout';
    return stderr === '' ? null : 'stderr';
  });
  /** The lines of the script around the place, where no traceback shows them. */
  protected readonly excerpt = computed(() => {
    const { line, column, traceback } = this.error() ?? {};
    const script = this.script();
    return line === undefined || traceback || script === null ? [] : excerptOf(script, line, column);
  });
  protected readonly tracebackText = (): string => this.error()?.traceback ?? '';
  protected readonly requestId = (): string => this.error()?.requestId ?? '';

  protected runAgain(): void {
    if (this.secondsToWait() === 0) this.command.again();
  }

  protected wrap(): void {
    this.wrapping.wrap();
  }

  protected goTo(line: number, column = 1): void {
    this.editor.reveal({ line, column });
  }

  /** The source line in three parts, the middle one being what failed. */
  protected partsOf({ source, mark }: TracebackFrame): readonly [string, string, string] {
    if (!mark) return [source, '', ''];
    return [source.slice(0, mark.start), source.slice(mark.start, mark.end), source.slice(mark.end)];
  }
}
