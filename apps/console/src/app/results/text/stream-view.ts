import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { saveFile } from '../../browser/save-file';
import { bytesText, countText } from '../../ui/formatting/figures';
import { readTerminalText } from './terminal-text';
import { TextPane, type TextPaneNames } from './text-pane';

/** What a script printed. */
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

  protected readonly styled = computed(() => readTerminalText(this.output()));
  protected readonly names = computed<TextPaneNames>(() => ({
    region: this.name(),
    find: `Find in ${this.name()}`,
    copy: `Copy ${this.name()} as plain text`,
    download: `Download ${this.name()}`,
  }));
  protected readonly facts = computed(() => {
    const lines = lineCount(this.styled().text);
    return `${countText(lines, 'line')}, ${bytesText(new Blob([this.output()]).size)}`;
  });

  /** As the program wrote it, escape sequences and all. */
  protected download(): void {
    saveFile(`${this.name()}.txt`, 'text/plain', this.output());
  }
}

/** A last line end begins no line. */
export function lineCount(text: string): number {
  let count = text === '' || text.endsWith('\n') ? 0 : 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
