import { ChangeDetectionStrategy, Component, computed, effect, inject, input, signal } from '@angular/core';
import type { JsonDocument } from '../json/json-document';
import { IndentedJson, JsonAsSent } from '../json/json-text';
import { inSlices } from '../json/slices';
import { saveFile } from '../saving/save-file';
import { bytesText } from '../status/figures';
import { PLAIN, type StyledText } from '../text/styled-text';
import { TextView } from '../text/text-view';
import { CopyButton } from '../tools/copy-button';
import { ToolButton } from '../tools/tool-button';
import { ViewMemory } from '../view-memory';

const VALUES_PER_STEP = 2_000;

/** A result as JSON: indented, or as it was sent. */
@Component({
  selector: 'app-raw-view',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [CopyButton, TextView, ToolButton],
  template: `
    <div class="toolbar">
      <span class="facts">{{ facts() }}</span>
      @if (canIndent()) {
        <app-tool-button
          icon="braces"
          label="Indent the JSON"
          caption="Indent"
          [pressed]="!isAsSent()"
          (press)="asSent.set(!isAsSent())"
        />
      }
      <app-tool-button
        icon="wrap"
        label="Wrap long lines"
        [pressed]="memory.wrap()"
        (press)="memory.wrap.set(!memory.wrap())"
      />
      <app-copy-button label="Copy the JSON" [text]="shownText" />
      <app-tool-button icon="download" label="Download as JSON" (press)="download()" />
    </div>
    <app-text-view class="fill" [text]="shown()" label="Raw JSON" [wrap]="memory.wrap()" />
  `,
  styleUrl: '../tools/toolbar.css',
})
export class RawView {
  /** The JSON as it was sent. */
  readonly text = input.required<string>();
  /** null where it could not be read, or is not yet. */
  readonly json = input.required<JsonDocument | null>();

  protected readonly memory = inject(ViewMemory);
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
    const plain = { text: this.text(), starts: [], looks: [], styles: [PLAIN] };
    if (this.isAsSent() || indented === null || indented === 'too-long') return this.sent() ?? plain;
    return indented;
  });
  protected readonly facts = computed(() => {
    const size = bytesText(new Blob([this.text()]).size);
    return this.indented() === 'too-long' ? `${size}, too long to be indented` : size;
  });
  protected readonly shownText = (): string => this.shown().text;

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
