import { ChangeDetectionStrategy, Component, computed, effect, input, signal } from '@angular/core';
import type { JsonDocument } from '../json/json-document';
import { IndentedJson, JsonAsSent } from './json-text';
import { inSlices } from '../../browser/slices';
import { saveFile } from '../../browser/save-file';
import { bytesText } from '../../ui/formatting/figures';
import { PLAIN, type StyledText } from '../text/styled-text';
import { TextPane, type TextPaneNames } from '../text/text-pane';
import { ToolButton } from '../../ui/controls/tool-button';

const VALUES_PER_STEP = 2_000;

/** A result as JSON: indented, or as it was sent. */
@Component({
  selector: 'app-raw-view',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [TextPane, ToolButton],
  template: `
    <app-text-pane class="fill" [text]="shown()" [names]="names" [facts]="facts()" (download)="download()">
      @if (canIndent()) {
        <app-tool-button
          icon="braces"
          label="Indent the JSON"
          caption="Indent"
          [pressed]="!isAsSent()"
          (press)="asSent.set(!isAsSent())"
        />
      }
    </app-text-pane>
  `,
  styleUrl: '../../ui/controls/toolbar.css',
})
export class RawView {
  /** The JSON as it was sent. */
  readonly text = input.required<string>();
  /** null where it could not be read, or is not yet. */
  readonly json = input.required<JsonDocument | null>();

  protected readonly names: TextPaneNames = {
    region: 'Raw JSON',
    find: 'Find in the JSON',
    copy: 'Copy the JSON',
    download: 'Download as JSON',
  };
  protected readonly asSent = signal(false);
  private readonly indented = signal<StyledText | 'too-long' | null>(null);
  private readonly sent = signal<StyledText | null>(null);

  protected readonly canIndent = computed(() => {
    const json = this.json();
    return json?.isContainer(json.root) && this.indented() !== 'too-long';
  });
  protected readonly isAsSent = computed(() => this.asSent() || this.indented() === 'too-long');
  protected readonly shown = computed<StyledText>(() => {
    const indented = this.indented();
    const plain = { text: this.text(), starts: [], styleIndexes: [], styles: [PLAIN] };
    if (this.isAsSent() || indented === null || indented === 'too-long') return this.sent() ?? plain;
    return indented;
  });
  protected readonly facts = computed(() => {
    const size = bytesText(new Blob([this.text()]).size);
    return this.indented() === 'too-long' ? `${size}, too long to be indented` : size;
  });

  constructor() {
    effect((onCleanup) => {
      const json = this.json();
      const control = new AbortController();
      onCleanup(() => control.abort());
      this.indented.set(null);
      this.sent.set(null);
      if (json) void this.write(json, control.signal);
    });
  }

  protected download(): void {
    saveFile('result.json', 'application/json', this.shown().text);
  }

  private async write(json: JsonDocument, signal: AbortSignal): Promise<void> {
    const indented = new IndentedJson(json);
    if (!(await inSlices(() => indented.advance(VALUES_PER_STEP), signal))) return;
    this.indented.set(indented.text() ?? 'too-long');
    const asSent = new JsonAsSent(json);
    if (await inSlices(() => asSent.advance(VALUES_PER_STEP), signal)) this.sent.set(asSent.text());
  }
}
