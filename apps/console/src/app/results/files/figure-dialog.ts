import { ChangeDetectionStrategy, Component, computed, input, output, signal } from '@angular/core';
import type { Artifact } from '@pycell/contracts';
import { bytesText } from '../../ui/formatting/figures';
import { Icon } from '../../ui/icons/icon';
import { ModalDialog } from '../../ui/dialog/modal-dialog';
import { imageSource } from './artifact-content';
import { shownName } from './artifact-names';

/** A figure over the page: as large as that, or in its own size. */
@Component({
  selector: 'app-figure-dialog',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon, ModalDialog],
  template: `
    <app-modal-dialog size="large" [heading]="name()" (closed)="closed.emit()">
      <div class="acts">
        <button
          cdkFocusInitial
          type="button"
          class="button"
          [attr.aria-pressed]="isOwnSize()"
          (click)="isOwnSize.set(!isOwnSize())"
        >
          Own size
        </button>
        <button type="button" class="button" (click)="download.emit()">
          <app-icon name="download" />Download
        </button>
        <span class="facts">{{ facts() }}</span>
      </div>
      <div
        class="area"
        tabindex="0"
        role="group"
        [attr.aria-label]="name() + ', scrolls'"
        [class.own]="isOwnSize()"
      >
        <img
          #image
          [src]="source()"
          [alt]="name()"
          (load)="dimensions.set(image.naturalWidth + ' × ' + image.naturalHeight)"
        />
      </div>
    </app-modal-dialog>
  `,
  styles: `
    .acts {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 8px;
      margin-bottom: 12px;
    }
    .button[aria-pressed='true'] {
      background: var(--accent-soft);
      color: var(--accent-text);
    }
    .facts {
      color: var(--text-muted);
      font-variant-numeric: tabular-nums;
    }
    .area {
      overflow: auto;
      max-height: calc(100dvh - 220px);
      padding: 8px;
      border: 1px solid var(--border);
      border-radius: var(--radius);
      background: #ffffff;
    }
    img {
      display: block;
      width: 100%;
      max-height: calc(100dvh - 240px);
      object-fit: contain;
    }
    .own img {
      width: auto;
      max-height: none;
    }
  `,
})
export class FigureDialog {
  readonly artifact = input.required<Artifact>();
  readonly download = output();
  readonly closed = output();

  protected readonly isOwnSize = signal(false);
  protected readonly dimensions = signal('');
  protected readonly name = computed(() => shownName(this.artifact().name));
  protected readonly source = computed(() => imageSource(this.artifact()) ?? '');
  protected readonly facts = computed(() =>
    [this.dimensions(), bytesText(this.artifact().sizeBytes)].filter(Boolean).join(', '),
  );
}
