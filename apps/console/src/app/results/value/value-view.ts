import { ChangeDetectionStrategy, Component, computed, inject, input, linkedSignal } from '@angular/core';
import type { ExecutionMode } from '@pycell/contracts';
import { TableView } from '../table/table-view';
import { panelId, tabId } from '../../ui/controls/tab-strip';
import { TreeView } from '../tree/tree-view';
import { ChartView } from '../chart/chart-view';
import { RawView } from './raw-view';
import { TextValueView } from './text-value-view';
import { ValueModel } from './value-model';
import type { ValueViewName } from './value-views';

/** Begins the ids of the views' tabs and panels. */
export const VALUE_PREFIX = 'value';

/** What `main()` returned, or the last expression of a program, in the view that is chosen. Views that were opened stay as they were left. */
@Component({
  selector: 'app-value-view',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [ChartView, RawView, TableView, TextValueView, TreeView],
  templateUrl: './value-view.html',
  styleUrl: './value-view.css',
})
export class ValueView {
  /** How the script was run. */
  readonly mode = input.required<ExecutionMode>();

  protected readonly model = inject(ValueModel);
  protected readonly text = computed(() => {
    const reading = this.model.reading();
    if (reading.kind === 'none') return '';
    return reading.kind === 'read' ? reading.json.text : reading.text;
  });
  protected readonly isNone = computed(() => {
    const json = this.model.json();
    return json?.kind(json.root) === 'null';
  });
  /** The views that exist: those that have been looked at since the result came. */
  protected readonly opened = linkedSignal<
    { readonly json: unknown; readonly view: ValueViewName },
    ReadonlySet<ValueViewName>
  >({
    source: () => ({ json: this.model.json(), view: this.model.view() }),
    computation: ({ json, view }, previous) =>
      new Set(previous?.source.json === json ? [...(previous?.value ?? []), view] : [view]),
  });

  protected panelId(view: ValueViewName): string {
    return panelId(VALUE_PREFIX, view);
  }

  /** A result that has one view only has no tabs. */
  protected tabId(view: ValueViewName): string | null {
    return this.model.views().length > 1 ? tabId(VALUE_PREFIX, view) : null;
  }
}
