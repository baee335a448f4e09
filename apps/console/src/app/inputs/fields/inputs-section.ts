import { ChangeDetectionStrategy, Component, computed, inject, input, signal } from '@angular/core';
import type { InputsDraft } from '../../script/run-setup';
import { SetupStore } from '../../script/setup-store';
import { panelId, type Tab, tabId, TabStrip } from '../../ui/controls/tab-strip';
import { SignatureStore } from '../signature/signature-store';
import {
  entriesOfJson,
  entryText,
  fieldsShown,
  type InputProblem,
  inputsView,
  jsonOfForm,
} from '../values/compose-inputs';
import { fieldControl, JSON_CONTROL } from '../values/controls';
import { type InputField, MORE } from '../values/input-field';
import { FieldControl } from './field-control';

const TABS: readonly Tab[] = [
  { id: 'form', name: 'Form', icon: 'form' },
  { id: 'json', name: 'JSON', icon: 'braces' },
];
/** What goes by names that are no parameters. */
const MORE_FIELD: InputField = {
  name: MORE,
  kind: 'object',
  isRequired: false,
  isNullable: false,
  options: [],
  defaultJson: null,
  description: 'Other names, which main() takes as well.',
};

/** The inputs: a form of what `main` takes, or one JSON text, which wins while it is shown. */
@Component({
  selector: 'app-inputs-section',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [FieldControl, TabStrip],
  templateUrl: './inputs-section.html',
  styleUrl: './inputs-section.css',
})
export class InputsSection {
  readonly problems = input.required<readonly InputProblem[]>();
  readonly isRefused = input.required<boolean>();

  protected readonly setup = inject(SetupStore);
  protected readonly signature = inject(SignatureStore).signature;
  protected readonly tabs = TABS;
  protected readonly prefix = 'inputs';
  protected readonly panelId = panelId;
  protected readonly tabId = tabId;
  protected readonly jsonControl = JSON_CONTROL;

  protected readonly view = computed(() => inputsView(this.setup.setup(), this.signature()));
  protected readonly fields = computed(() => {
    const fields = fieldsShown(this.setup.setup(), this.signature());
    const { inputs } = this.setup.setup();
    // What came by other names stays in sight, also where `main` takes none.
    const hasMore = this.signature()?.takesMore === true || entryText(inputs.entries, MORE) !== '';
    return hasMore ? [...fields, MORE_FIELD] : fields;
  });
  /** Whether there are two views to choose from. */
  protected readonly hasViews = computed(
    () => this.setup.mode() === 'function' && (this.signature()?.fields.length ?? 0) > 0,
  );
  protected readonly jsonProblem = computed(() => this.problemOf(JSON_CONTROL));
  /** Why the JSON text cannot become a form; empty where that was not asked for, or could be. */
  protected readonly notice = signal('');
  protected readonly isJsonLeft = signal(false);
  protected readonly jsonLabel = computed(() =>
    this.setup.mode() === 'script' ? 'Global names as JSON' : 'Inputs as JSON',
  );

  protected textOf({ name }: InputField): string {
    return entryText(this.setup.inputs().entries, name);
  }

  protected problemOfField({ name }: InputField): string | null {
    return this.problemOf(fieldControl(name));
  }

  protected type({ name, kind }: InputField, text: string): void {
    const others = Object.entries(this.setup.inputs().entries).filter(([other]) => other !== name);
    // As own properties, whatever their names are.
    const entries = Object.fromEntries(text === '' ? others : [...others, [name, { kind, text }]]);
    this.change({ view: 'form', entries });
  }

  protected typeJson(json: string): void {
    this.notice.set('');
    this.change({ view: 'json', json });
  }

  protected choose(view: string): void {
    this.notice.set('');
    if (view === this.view()) return;
    if (view === 'json') {
      this.change({
        view: 'json',
        json: jsonOfForm(fieldsShown(this.setup.setup(), this.signature()), this.setup.setup()),
      });
      return;
    }
    const signature = this.signature();
    const entries = signature && entriesOfJson(this.setup.inputs().json, signature);
    if (entries) this.change({ view: 'form', entries });
    else this.notice.set('This is not a JSON object, so it cannot be shown as a form: mend it, or clear it.');
  }

  private change(changes: Partial<InputsDraft>): void {
    this.setup.change({ inputs: { ...this.setup.inputs(), ...changes } });
  }

  private problemOf(control: string): string | null {
    return this.problems().find((problem) => problem.control === control)?.message ?? null;
  }
}
