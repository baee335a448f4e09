import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { JsonDocument } from '../json/json-document';
import { saveFile } from '../../browser/save-file';
import { countText } from '../../ui/formatting/figures';
import type { StyledText } from '../text/styled-text';
import { TextPane, type TextPaneNames } from '../text/text-pane';

/** A result that is a text: as it reads, without quotes and escapes. */
@Component({
  selector: 'app-text-value-view',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [TextPane],
  template: `
    <app-text-pane class="fill" [text]="text()" [names]="names" [facts]="facts()" (download)="download()" />
  `,
  styleUrl: '../../ui/controls/toolbar.css',
})
export class TextValueView {
  readonly json = input.required<JsonDocument>();

  protected readonly names: TextPaneNames = {
    region: 'Returned text',
    find: 'Find in the text',
    copy: 'Copy the text',
    download: 'Download the text',
  };
  protected readonly text = computed<StyledText>(() => ({
    text: this.json().plain(this.json().root),
    starts: [],
    styleIndexes: [],
    styles: [],
  }));
  protected readonly facts = computed(
    () => `Text, ${countText(Array.from(this.text().text).length, 'character')}`,
  );

  protected download(): void {
    saveFile('result.txt', 'text/plain', this.text().text);
  }
}
