import { ChangeDetectionStrategy, Component, computed, input, linkedSignal } from '@angular/core';
import type { JsonDocument } from '../json/json-document';
import { pathTo, pythonPath } from '../json/json-path';
import { countText } from '../../ui/formatting/figures';
import type { StyledText } from '../text/styled-text';
import { TextView } from '../text/text-view';
import { CopyButton } from '../../ui/controls/copy-button';
import { ToolButton } from '../../ui/controls/tool-button';

/** Texts of this length stand in their row as a whole. */
const LONG_TEXT = 80;

/** The value that is active in the tree: where it stands, and all of it where a row has no room. */
@Component({
  selector: 'app-node-details',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [CopyButton, TextView, ToolButton],
  template: `
    @if (isOpen() && isLong()) {
      <app-text-view class="whole" [text]="text()" label="Whole text" [wrap]="true" />
    }
    <div class="bar">
      <code class="path" [title]="path()">{{ path() }}</code>
      @if (isLong()) {
        <app-tool-button
          [icon]="isOpen() ? 'collapse' : 'expand'"
          [label]="(isOpen() ? 'Hide' : 'Show') + ' the whole text, ' + length()"
          [caption]="length()"
          [pressed]="isOpen()"
          (press)="isOpen.set(!isOpen())"
        />
      }
      <app-copy-button label="Copy the path" caption="Path" [text]="path" />
      <app-copy-button label="Copy the value" caption="Value" [text]="value" />
    </div>
  `,
  styleUrl: './node-details.css',
})
export class NodeDetails {
  readonly json = input.required<JsonDocument>();
  readonly node = input.required<number>();

  protected readonly path = computed(() => pythonPath(pathTo(this.json(), this.node())));
  protected readonly isLong = computed(() => {
    const json = this.json();
    const length = json.end(this.node()) - json.start(this.node());
    return json.kind(this.node()) === 'string' && length > LONG_TEXT;
  });
  protected readonly isOpen = linkedSignal({ source: this.json, computation: () => false });
  protected readonly value = (): string => this.json().plain(this.node());
  protected readonly length = computed(() => countText(this.json().plain(this.node()).length, 'character'));
  protected readonly text = computed<StyledText>(() => ({
    text: this.json().plain(this.node()),
    starts: [],
    styleIndexes: [],
    styles: [],
  }));
}
