import { ChangeDetectionStrategy, Component, computed, inject, input, output, signal } from '@angular/core';
import { Icon } from '../../ui/icons/icon';
import { countText } from '../../ui/formatting/figures';
import { FileAttachment } from '../files/file-attachment';
import { columnKinds, CsvError, parseCsv } from '../values/csv';

/** A longer text is summed up, and not shown for editing; UTF-16 code units. */
const MAX_SHOWN = 20_000;
const MAX_NAMED_COLUMNS = 8;

/** A table as CSV, or as records in JSON: typed, pasted, dropped, or from a file. */
@Component({
  selector: 'app-table-field',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon],
  host: {
    'data-takes-files': '',
    '[class.dropping]': 'isDropping()',
    '(dragover)': 'isDropping.set(true)',
    '(dragleave)': 'isDropping.set(false)',
    '(drop)': 'drop($event)',
  },
  templateUrl: './table-field.html',
  styleUrl: './table-field.css',
})
export class TableField {
  readonly fieldId = input.required<string>();
  readonly control = input.required<string>();
  /** Of the parameter. */
  readonly name = input.required<string>();
  readonly text = input.required<string>();
  readonly describedBy = input.required<string | null>();
  readonly isInvalid = input.required<boolean>();
  readonly typed = output<string>();
  readonly left = output();

  protected readonly attachment = inject(FileAttachment);
  protected readonly isDropping = signal(false);
  protected readonly isLong = computed(() => this.text().length > MAX_SHOWN);
  /** What was understood; empty where nothing was. */
  protected readonly summary = computed(() => summaryOf(this.text()));

  protected async take(files: FileList | null | undefined): Promise<void> {
    const file = files?.[0];
    if (file) this.typed.emit(await textOf(file));
  }

  protected drop(event: DragEvent): void {
    this.isDropping.set(false);
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    void this.take(event.dataTransfer.files);
  }

  protected attach(): void {
    void this.attachment.attach([new File([this.text()], `${this.name()}.csv`, { type: 'text/csv' })]);
  }
}

function summaryOf(text: string): string {
  if (text.trim() === '') return '';
  if (/^\s*[[{]/.test(text)) return 'Records as JSON';
  try {
    const table = parseCsv(text);
    const kinds = columnKinds(table);
    const columns = table.names.map((name, column) => `${name} (${kinds[column] ?? 'text'})`);
    const more = columns.length - MAX_NAMED_COLUMNS;
    const named = columns.slice(0, MAX_NAMED_COLUMNS).join(', ');
    return `${countText(table.rows.length, 'row')}: ${named}${more > 0 ? ` and ${more} more columns` : ''}`;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return '';
  }
}

/** Spreadsheets write UTF-8, or the code page of western Europe. */
async function textOf(file: File): Promise<string> {
  const bytes = await file.arrayBuffer();
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // A TypeError: it is no UTF-8.
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
