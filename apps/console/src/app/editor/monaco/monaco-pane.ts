import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  inject,
  type OnDestroy,
  output,
  signal,
  untracked,
} from '@angular/core';
import type { editor } from 'monaco-editor';
import { EditorComponent, NGX_MONACO_EDITOR_CONFIG } from 'ngx-monaco-editor-v2';
import { MetadataStore } from '../../metadata/metadata-store';
import { ModulesStore } from '../../metadata/modules-store';
import { PolicyInForce } from '../../inputs/policy-in-force';
import { RunStore } from '../../runs/run-store';
import { SettingsStore } from '../../settings/settings-store';
import { ThemeStore } from '../../settings/theme-store';
import { importableModules } from '../completion/importable-modules';
import { Diagnostics } from '../check/diagnostics';
import { EditorFocus } from '../../script/editor-focus';
import { markerOf, toEditorColumn } from '../check/markers';
import { isFoundWhileTyping, problemOfOutcome, type Problem } from '../check/problem';
import { ScriptStore } from '../../script/script-store';
import { FailingLine } from './failing-line';
import { MONACO_OPTIONS, optionsOf } from './monaco-options';
import { applyEditorTheme } from './monaco-theme';
import { registerPythonCompletion } from './python-completion';

/** The editor itself. It exists only after `loadMonaco()`, and wires Monaco to the stores. */
@Component({
  selector: 'app-monaco-pane',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [EditorComponent],
  providers: [{ provide: NGX_MONACO_EDITOR_CONFIG, useValue: {} }],
  template: `<ngx-monaco-editor [options]="options" [model]="model" (onInit)="connect($event)" />`,
  styles: `
    :host,
    ngx-monaco-editor {
      display: block;
      height: 100%;
    }
  `,
})
export class MonacoPane implements OnDestroy {
  private readonly script = inject(ScriptStore);
  private readonly diagnostics = inject(Diagnostics);
  private readonly runs = inject(RunStore);
  private readonly metadata = inject(MetadataStore);
  private readonly importable = inject(ModulesStore);
  private readonly policy = inject(PolicyInForce);
  private readonly theme = inject(ThemeStore);
  private readonly settings = inject(SettingsStore);
  private readonly focus = inject(EditorFocus);

  /** The editor is ready and holds the script. */
  readonly connected = output();

  private readonly editor = signal<editor.IStandaloneCodeEditor | null>(null);
  private readonly failingLine = signal<FailingLine | null>(null);
  private readonly modules = computed(() =>
    importableModules(
      { modules: this.importable.modules(), packages: this.metadata.python()?.packages ?? [] },
      this.policy.rules(),
    ),
  );
  private readonly cleanUps: (() => void)[] = [];

  // The wrapper makes a new editor when these change: they are read once, and later changes go to the editor itself.
  protected readonly options = { ...MONACO_OPTIONS, ...optionsOf(this.settings.settings()) };
  protected readonly model = { value: this.script.text(), language: 'python' };

  constructor() {
    const monaco = window.monaco;
    if (!monaco) throw new Error('The editor needs loadMonaco() first');
    effect(() => applyEditorTheme(monaco, this.theme.shown()));
    effect(() => this.editor()?.updateOptions(optionsOf(this.settings.settings())));
    effect(() => this.followScript());
    effect(() => this.mark(this.diagnostics.problems()));
    effect(() => this.showFailure());
    const completion = registerPythonCompletion(monaco, {
      modules: () => this.modules(),
      rules: () => this.policy.rules(),
    });
    this.cleanUps.push(() => completion.dispose());
  }

  /** The editor is there. */
  protected connect(created: editor.IStandaloneCodeEditor): void {
    const { monaco } = window;
    const model = created.getModel();
    if (!monaco || !model) return;
    model.setEOL(monaco.editor.EndOfLineSequence.LF);
    created.onDidChangeModelContent(() => this.script.edit(model.getValue()));
    this.failingLine.set(new FailingLine(monaco, created));
    this.cleanUps.push(
      () => model.dispose(),
      this.focus.register({
        focus: () => created.focus(),
        reveal: ({ line, column }) => {
          const lineNumber = Math.min(line, model.getLineCount());
          created.setPosition({
            lineNumber,
            column: toEditorColumn(model.getLineContent(lineNumber), column),
          });
          created.revealLineInCenterIfOutsideViewport(lineNumber);
          created.focus();
        },
      }),
    );
    this.editor.set(created);
    this.connected.emit();
  }

  ngOnDestroy(): void {
    this.cleanUps.forEach((cleanUp) => cleanUp());
  }

  /** A script that was loaded comes in as one edit, so that undo brings back what it replaced. */
  private followScript(): void {
    const text = this.script.text();
    const created = this.editor();
    const model = created?.getModel();
    if (!created || !model || model.getValue() === text) return;
    created.pushUndoStop();
    created.executeEdits('load', [{ range: model.getFullModelRange(), text, forceMoveMarkers: true }]);
    created.pushUndoStop();
    created.setPosition({ lineNumber: 1, column: 1 });
    created.revealLine(1);
  }

  private mark(problems: readonly Problem[]): void {
    const { monaco } = window;
    const model = this.editor()?.getModel();
    if (!monaco || !model) return;
    const { Error, Warning } = monaco.MarkerSeverity;
    monaco.editor.setModelMarkers(
      model,
      'check',
      problems.map((problem) => ({
        ...markerOf(problem, model),
        severity: problem.severity === 'error' ? Error : Warning,
      })),
    );
  }

  /** A line of a script that has been changed since would be the wrong one. */
  private showFailure(): void {
    const state = this.runs.state();
    const failingLine = this.failingLine();
    failingLine?.clear();
    if (state.kind !== 'finished' || state.script !== untracked(this.script.text)) return;
    const problem = problemOfOutcome(state.outcome);
    if (problem) failingLine?.show(problem, !isFoundWhileTyping(state.outcome));
  }
}
