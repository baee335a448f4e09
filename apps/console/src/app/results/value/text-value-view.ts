import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import type { JsonDocument } from '../json/json-document';
import { saveFile } from '../saving/save-file';
import { countText } from '../status/figures';
import type { StyledText } from '../text/styled-text';
import { TextView } from '../text/text-view';
import { CopyButton } from '../tools/copy-button';
import { ToolButton } from '../tools/tool-button';
import { ViewMemory } from '../view-memory';

/** A result that is a text: as it reads, without quotes and escapes. */
@Component({
  selector: 'app-text-value-view',
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
      <app-copy-button label="Copy the text" [text]="plain" />
      <app-tool-button icon="download" label="Download the text" (press)="download()" />
    </div>
    <app-text-view class="fill" [text]="text()" label="Returned text" [wrap]="memory.wrap()" />
  `,
  styleUrl: '../tools/toolbar.css',
})
export class TextValueView {
  readonly json = input.required<JsonDocument>();

  protected readonly memory = inject(ViewMemory);
  protected readonly plain = (): string => this.text().text;
  protected readonly text = computed<StyledText>(() => ({
    text: this.json().plain(this.json().root),
    starts: [],
    looks: [],
    styles: [],
  }));
  protected readonly facts = computed(
    () => `Text, ${countText(Array.from(this.text().text).length, 'character')}`,
  );

  protected download(): void {
    saveFile('result.txt', 'text/plain', this.text().text);
  }
}
