import { ChangeDetectionStrategy, Component, computed, effect, input, signal } from '@angular/core';
import type { RunOutput } from '../../api/run-output';
import { FramePacer } from '../../browser/frame-pacer';
import { saveFile } from '../../browser/save-file';
import { bytesText, countText } from '../../ui/formatting/figures';
import { lineCount } from '../../outcomes/printed-output';
import { LiveText, type ShownStream } from './live-text';
import { readTerminalText } from './terminal-text';
import { TextPane, type TextPaneNames } from './text-pane';

const NOTHING_YET: ShownStream = { text: readTerminalText(''), facts: '' };

/** What a script printed, or is printing. */
@Component({
  selector: 'app-stream-view',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [TextPane],
  template: `
    <app-text-pane
      class="fill"
      [text]="styled()"
      [names]="names()"
      [facts]="facts()"
      [heading]="isTitled() ? name() : ''"
      [isLive]="live() !== null"
      [follow]="follow()"
      (download)="download()"
    />
  `,
  styleUrl: '../../ui/controls/toolbar.css',
})
export class StreamView {
  readonly name = input.required<'stdout' | 'stderr'>();
  readonly output = input.required<string>();
  /** Nothing around it says which stream it is. */
  readonly isTitled = input(false);

  /** The run that is still writing it; then that is shown instead of `output`. */
  readonly live = input<RunOutput | null>(null);
  /** Whether the end stays in view. */
  readonly follow = input(false);

  /** What has come so far, as it was when the page could draw it. */
  private readonly coming = signal<ShownStream>(NOTHING_YET);
  protected readonly styled = computed(() =>
    this.live() ? this.coming().text : readTerminalText(this.output()),
  );
  protected readonly names = computed<TextPaneNames>(() => ({
    region: this.name(),
    find: `Find in ${this.name()}`,
    copy: `Copy ${this.name()} as plain text`,
    download: `Download ${this.name()}`,
  }));
  protected readonly facts = computed(() => {
    if (this.live()) return this.coming().facts;
    const lines = lineCount(this.styled().text);
    return `${countText(lines, 'line')}, ${bytesText(new Blob([this.output()]).size)}`;
  });

  constructor() {
    effect((onCleanup) => {
      const output = this.live();
      if (!output) return;
      const text = new LiveText(output[this.name()]);
      const pacer = new FramePacer(() => this.coming.set(text.read()));
      const ignore = output.onMore(() => pacer.request());
      this.coming.set(text.read());
      onCleanup(() => {
        ignore();
        pacer.stop();
      });
    });
  }

  /** As the program wrote it, escape sequences and all. */
  protected download(): void {
    saveFile(`${this.name()}.txt`, 'text/plain', this.output());
  }
}
