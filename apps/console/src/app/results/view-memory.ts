import { Injectable, signal } from '@angular/core';
import type { PanelTab } from './panel-tabs';
import type { ValueViewName } from './value/value-views';

/** Which views a person went to by hand: the next result opens there as well, where it can. */
@Injectable({ providedIn: 'root' })
export class ViewMemory {
  readonly tab = signal<PanelTab | null>(null);
  readonly view = signal<ValueViewName | null>(null);
  /** Whether long lines go on in the next row. */
  readonly wrap = signal(true);
}
