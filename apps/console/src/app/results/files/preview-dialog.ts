import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import type { Artifact } from '@pycell/contracts';
import { CsvError, parseCsv, recordsJson } from '../../inputs/values/csv';
import { ModalDialog } from '../../ui/dialog/modal-dialog';
import { bytesText } from '../../ui/formatting/figures';
import { parseJson } from '../json/json-parser';
import { findTables, type FoundTable } from '../table/find-tables';
import { TableView } from '../table/table-view';
import { PLAIN, type StyledText } from '../text/styled-text';
import { TextPane, type TextPaneNames } from '../text/text-pane';
import { isTable, textOf } from './artifact-content';
import { shownName } from './artifact-names';

/** What is in a file: a table where it is a CSV, else its text. */
@Component({
  selector: 'app-preview-dialog',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [ModalDialog, TableView, TextPane],
  template: `
    <app-modal-dialog size="large" [heading]="name()" (closed)="closed.emit()">
      <div class="area">
        @if (tables(); as found) {
          <app-table-view class="fill" [tables]="found" />
        } @else {
          <app-text-pane
            class="fill"
            [text]="styled()"
            [names]="names()"
            [facts]="facts()"
            (download)="download.emit()"
          />
        }
      </div>
    </app-modal-dialog>
  `,
  styles: `
    .area {
      display: flex;
      flex-direction: column;
      height: min(560px, calc(100dvh - 180px));
      border: 1px solid var(--border);
      border-radius: var(--radius);
      overflow: hidden;
    }
    .fill {
      flex: 1;
      min-height: 0;
    }
  `,
})
export class PreviewDialog {
  readonly artifact = input.required<Artifact>();
  readonly download = output();
  readonly closed = output();

  protected readonly name = computed(() => shownName(this.artifact().name));
  private readonly text = computed(() => textOf(this.artifact()));
  /** null where the file is no table, or none that could be read. */
  protected readonly tables = computed(() => (isTable(this.artifact()) ? tablesOf(this.text()) : null));
  protected readonly styled = computed<StyledText>(() => ({
    text: this.text(),
    starts: [],
    styleIndexes: [],
    styles: [PLAIN],
  }));
  protected readonly facts = computed(() => bytesText(this.artifact().sizeBytes));
  protected readonly names = computed<TextPaneNames>(() => ({
    region: this.name(),
    find: `Find in ${this.name()}`,
    copy: 'Copy the text',
    download: 'Download the file',
  }));
}

function tablesOf(csv: string): readonly FoundTable[] | null {
  try {
    const tables = findTables(parseJson(recordsJson(parseCsv(csv))));
    return tables.length > 0 ? tables : null;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return null;
  }
}
