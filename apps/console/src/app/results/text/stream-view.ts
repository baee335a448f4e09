import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { saveFile } from '../saving/save-file';
import { bytesText, countText } from '../status/figures';
import { CopyButton } from '../tools/copy-button';
import { ToolButton } from '../tools/tool-button';
import { ViewMemory } from '../view-memory';
import { readTerminalText } from './terminal-text';
import { TextView } from './text-view';

/** What a script printed. */
@Component({
  selector: 'app-stream-view',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [CopyButton, TextView, ToolButton],
  template: `
    <div class="toolbar">
      <span class="facts">{{ facts() }}</span>
      <app-tool-button
        icon="wrap"
        label="Wrap long lines"
        [pressed]="memory.wrap()"
        (press)="memory.wrap.set(!memory.wrap())"
      />
      <app-copy-button [label]="'Copy ' + name() + ' as plain text'" [text]="plainText" />
      <app-tool-button icon="download" [label]="'Download ' + name()" (press)="download()" />
    </div>
    <app-text-view class="fill" [text]="styled()" [label]="name()" [wrap]="memory.wrap()" />
  `,
  styleUrl: '../tools/toolbar.css',
})
export class StreamView {
  readonly name = input.required<'stdout' | 'stderr'>();
  readonly output = input.required<string>();

  protected readonly memory = inject(ViewMemory);
  protected readonly styled = computed(() => readTerminalText(this.output()));
  protected readonly facts = computed(() => {
    const lines = lineCount(this.styled().text);
    return `${countText(lines, 'line')}, ${bytesText(new Blob([this.output()]).size)}`;
  });
  protected readonly plainText = (): string => this.styled().text;

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
