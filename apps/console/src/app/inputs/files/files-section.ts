import {
  ChangeDetectionStrategy,
  Component,
  computed,
  type ElementRef,
  inject,
  input,
  viewChild,
} from '@angular/core';
import { keptFiles } from '../../script/kept-files';
import type { AttachedFile } from '../../script/run-setup';
import { SetupStore } from '../../script/setup-store';
import { rescueFocus } from '../../ui/focus/focus-fallback';
import { bytesText } from '../../ui/formatting/figures';
import { Icon } from '../../ui/icons/icon';
import type { InputProblem } from '../values/compose-inputs';
import { fileControl, FILES_CONTROL } from '../values/controls';
import { FileAttachment } from './file-attachment';

/** The files that the script finds in its working directory. */
@Component({
  selector: 'app-files-section',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon],
  templateUrl: './files-section.html',
  styleUrl: './files-section.css',
})
export class FilesSection {
  readonly problems = input.required<readonly InputProblem[]>();

  protected readonly setup = inject(SetupStore);
  protected readonly attachment = inject(FileAttachment);
  private readonly add = viewChild<ElementRef<HTMLElement>>('add');
  private readonly kept = computed(() => new Set(keptFiles(this.setup.files())));
  protected readonly filesControl = FILES_CONTROL;
  protected readonly isAllKept = computed(() => this.setup.files().every((file) => this.kept().has(file)));
  protected readonly size = bytesText;

  constructor() {
    // A row is removed with its button.
    rescueFocus(() => this.add()?.nativeElement);
  }

  protected controlOf({ id }: AttachedFile): string {
    return fileControl(id);
  }

  protected problemOf({ id }: AttachedFile): string | null {
    return this.problems().find(({ control }) => control === fileControl(id))?.message ?? null;
  }

  protected take(files: FileList | null): void {
    void this.attachment.attach(Array.from(files ?? []));
  }
}
