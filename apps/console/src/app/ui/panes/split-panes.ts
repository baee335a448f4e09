import { ChangeDetectionStrategy, Component, ElementRef, inject, input, signal } from '@angular/core';
import { BrowserStorage } from '../../browser/browser-storage';
import { clampSplit, SPLIT_PERCENT, splitAfterKey, splitAtPointer } from './split-ratio';

const KEY = 'pycell.split';

/**
 * Two panes beside each other, and a separator that pointer and keys move; on a narrow page one stands above the other.
 * The panes are the children with the attributes `firstPane` and `secondPane`.
 */
@Component({
  selector: 'app-split-panes',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { '[style.--split]': "percent() + '%'", '[class.dragging]': 'isDragging()' },
  template: `
    <div class="pane" id="first-pane"><ng-content select="[firstPane]" /></div>
    <div
      class="separator"
      role="separator"
      tabindex="0"
      aria-orientation="vertical"
      aria-controls="first-pane"
      [attr.aria-label]="label()"
      [attr.aria-valuemin]="range.min"
      [attr.aria-valuemax]="range.max"
      [attr.aria-valuenow]="Math.round(percent())"
      (keydown)="moveByKey($event)"
      (dblclick)="moveTo(range.initial)"
      (pointerdown)="startDragging($event)"
      (pointermove)="drag($event)"
      (lostpointercapture)="stopDragging()"
    ></div>
    <div class="pane"><ng-content select="[secondPane]" /></div>
  `,
  styleUrl: './split-panes.css',
})
export class SplitPanes {
  /** What the separator does, for screen readers. */
  readonly label = input.required<string>();

  private readonly storage = inject(BrowserStorage);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly split = signal(clampSplit(Number.parseFloat(this.storage.read(KEY) ?? '')));
  private readonly dragging = signal(false);

  protected readonly range = SPLIT_PERCENT;
  protected readonly percent = this.split.asReadonly();
  protected readonly isDragging = this.dragging.asReadonly();
  protected readonly Math = Math;

  protected moveTo(percent: number): void {
    this.split.set(percent);
    this.storage.write(KEY, String(percent));
  }

  protected moveByKey(event: KeyboardEvent): void {
    const percent = splitAfterKey(this.split(), event.key, event.shiftKey);
    if (percent === null || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.moveTo(percent);
  }

  protected startDragging(event: PointerEvent): void {
    if (event.button !== 0) return;
    (event.target as Element).setPointerCapture(event.pointerId);
    this.dragging.set(true);
  }

  protected drag(event: PointerEvent): void {
    if (this.dragging()) this.split.set(splitAtPointer(event.clientX, this.host.getBoundingClientRect()));
  }

  protected stopDragging(): void {
    if (!this.dragging()) return;
    this.dragging.set(false);
    this.moveTo(this.split());
  }
}
