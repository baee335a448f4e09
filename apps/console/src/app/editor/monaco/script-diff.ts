import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  effect,
  type ElementRef,
  inject,
  input,
  signal,
  viewChild,
} from '@angular/core';
import type { editor } from 'monaco-editor';
import { loadMonaco, type MonacoApi } from './load-monaco';
import { applyEditorTheme, EDITOR_THEME } from './monaco-theme';
import { ThemeStore } from '../../settings/theme-store';

/** Grows with the scripts up to here, CSS pixels. */
const HEIGHT_PX = { min: 80, max: 480, line: 20 } as const;

/** What changed from one script to another, by the editor's own comparison. */
@Component({
  selector: 'app-script-diff',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (isFailed()) {
      <p>The editor could not be loaded, so the scripts cannot be compared now.</p>
    }
    <div #place class="place" [hidden]="isFailed()" [style.height.px]="height()"></div>
  `,
  styles: `
    p {
      margin: 0;
      color: var(--text-muted);
    }
    .place {
      overflow: hidden;
      border: 1px solid var(--border);
      border-radius: var(--radius);
    }
  `,
})
export class ScriptDiff {
  readonly before = input.required<string>();
  readonly after = input.required<string>();

  private readonly theme = inject(ThemeStore);
  private readonly destroyed = inject(DestroyRef);
  private readonly place = viewChild.required<ElementRef<HTMLElement>>('place');
  private readonly monaco = signal<MonacoApi | null>(null);

  protected readonly isFailed = signal(false);
  protected readonly height = signal<number>(HEIGHT_PX.min);

  constructor() {
    afterNextRender(() => void this.load());
    effect(() => {
      const monaco = this.monaco();
      if (monaco) applyEditorTheme(monaco, this.theme.shown());
    });
    effect((onCleanup) => {
      const monaco = this.monaco();
      if (monaco) onCleanup(this.show(monaco, this.before(), this.after()));
    });
  }

  private async load(): Promise<void> {
    try {
      const monaco = await loadMonaco();
      if (!this.destroyed.destroyed) this.monaco.set(monaco);
    } catch {
      // A part could not be fetched: no network, or a new version was deployed since the page was loaded.
      this.isFailed.set(true);
    }
  }

  /** @returns what takes it away again */
  private show(monaco: MonacoApi, before: string, after: string): () => void {
    const original = monaco.editor.createModel(before, 'python');
    const modified = monaco.editor.createModel(after, 'python');
    const diff = monaco.editor.createDiffEditor(this.place().nativeElement, {
      theme: EDITOR_THEME,
      automaticLayout: true,
      readOnly: true,
      originalEditable: false,
      fontFamily: "'JetBrains Mono', ui-monospace, monospace",
      fontSize: 13,
      lineHeight: HEIGHT_PX.line,
      minimap: { enabled: false },
      scrollBeyondLastLine: false,
      renderOverviewRuler: false,
      overviewRulerLanes: 0,
      overviewRulerBorder: false,
      renderLineHighlight: 'none',
      renderFinalNewline: 'on',
      occurrencesHighlight: 'off',
      renderMarginRevertIcon: false,
      renderGutterMenu: false,
      // Beside each other where there is room, else in one column.
      useInlineViewWhenSpaceIsLimited: true,
      renderSideBySideInlineBreakpoint: 700,
      hideUnchangedRegions: { enabled: true },
      wordWrap: 'on',
      padding: { top: 8, bottom: 8 },
      scrollbar: { alwaysConsumeMouseWheel: false },
    });
    const sides = [diff.getOriginalEditor(), diff.getModifiedEditor()];
    for (const side of sides) {
      side.onDidContentSizeChange(() => {
        const heights = sides.map((one) => one.getContentHeight());
        // The border around it.
        this.height.set(Math.min(HEIGHT_PX.max, Math.max(HEIGHT_PX.min, ...heights) + 2));
      });
    }
    keepLabel(monaco, diff.getOriginalEditor(), 'The script before');
    keepLabel(monaco, diff.getModifiedEditor(), 'The script after');
    diff.setModel({ original, modified });
    return () => {
      diff.dispose();
      original.dispose();
      modified.dispose();
    };
  }
}

/** The comparison forgets the names of its sides whenever an option of it changes. */
function keepLabel(monaco: MonacoApi, side: editor.ICodeEditor, ariaLabel: string): void {
  const keep = (): void => {
    if (side.getOption(monaco.editor.EditorOption.ariaLabel) !== ariaLabel) side.updateOptions({ ariaLabel });
  };
  side.onDidChangeConfiguration(keep);
  keep();
}
