import type { editor } from 'monaco-editor';
import type { MonacoApi } from './load-monaco';

export const EDITOR_THEME = 'pycell';

/** Colours of the editor by the tokens of styles/tokens.css. */
const COLORS: Readonly<Record<string, string>> = {
  'editor.background': '--canvas',
  'editor.foreground': '--text',
  'editorLineNumber.foreground': '--text-faint',
  'editorLineNumber.activeForeground': '--text',
  'editorCursor.foreground': '--accent',
  'editor.selectionBackground': '--selection',
  'editor.inactiveSelectionBackground': '--selection-inactive',
  'editor.lineHighlightBackground': '--line-highlight',
  'editor.lineHighlightBorder': '--line-highlight',
  'editor.wordHighlightBackground': '--selection-inactive',
  'editor.wordHighlightTextBackground': '--selection-inactive',
  'editor.selectionHighlightBackground': '--selection-inactive',
  'editorOverviewRuler.wordHighlightTextForeground': '--border-strong',
  'editorIndentGuide.background1': '--border',
  'editorIndentGuide.activeBackground1': '--border-strong',
  'editorWhitespace.foreground': '--border-strong',
  'editorWidget.background': '--surface',
  'editorWidget.border': '--border-strong',
  'editorSuggestWidget.background': '--surface',
  'editorSuggestWidget.border': '--border-strong',
  'editorSuggestWidget.foreground': '--text',
  'editorSuggestWidget.selectedBackground': '--accent-soft',
  'editorSuggestWidget.selectedForeground': '--text',
  'editorSuggestWidget.highlightForeground': '--accent-text',
  'editorSuggestWidget.focusHighlightForeground': '--accent-text',
  'editorHoverWidget.background': '--surface',
  'editorHoverWidget.border': '--border-strong',
  'input.background': '--canvas',
  'input.border': '--border-strong',
  'input.foreground': '--text',
  focusBorder: '--accent',
  'menu.background': '--surface',
  'menu.foreground': '--text',
  'menu.selectionBackground': '--accent-soft',
  'menu.selectionForeground': '--text',
  'quickInput.background': '--surface',
  'quickInput.foreground': '--text',
  'list.hoverBackground': '--hover',
  'list.focusBackground': '--accent-soft',
  'list.focusForeground': '--text',
  'editorError.foreground': '--error',
  'editorWarning.foreground': '--warning',
  'scrollbarSlider.background': '--scrollbar',
  'scrollbarSlider.hoverBackground': '--scrollbar-hover',
  'scrollbarSlider.activeBackground': '--scrollbar-hover',
  'scrollbar.shadow': '--line-highlight',
  // One colour for all brackets: the pair at the cursor is highlighted anyway.
  'editorBracketHighlight.foreground1': '--code-punctuation',
  'editorBracketHighlight.foreground2': '--code-punctuation',
  'editorBracketHighlight.foreground3': '--code-punctuation',
  'editorBracketMatch.background': '--accent-soft',
  'editorBracketMatch.border': '--accent',
  'editorGutter.background': '--canvas',
  'diffEditor.insertedLineBackground': '--success-soft',
  'diffEditor.insertedTextBackground': '--diff-added',
  'diffEditor.removedLineBackground': '--error-soft',
  'diffEditor.removedTextBackground': '--diff-removed',
  'diffEditor.diagonalFill': '--border',
  'diffEditor.unchangedRegionBackground': '--surface',
  'diffEditor.unchangedRegionForeground': '--text-muted',
  'diffEditor.unchangedRegionShadow': '--border',
};

/** Colours of Python by the scopes of Monaco's grammar. */
const TOKENS: readonly { readonly scope: string; readonly color: string; readonly style?: string }[] = [
  { scope: '', color: '--text' },
  { scope: 'comment', color: '--code-comment', style: 'italic' },
  { scope: 'keyword', color: '--code-keyword' },
  { scope: 'string', color: '--code-string' },
  { scope: 'string.escape', color: '--code-string' },
  { scope: 'number', color: '--code-number' },
  { scope: 'tag', color: '--code-decorator' },
  { scope: 'identifier', color: '--text' },
  { scope: 'delimiter', color: '--code-punctuation' },
];

/** Makes the editor's theme of what the page's tokens are now, and shows it. */
export function applyEditorTheme(monaco: MonacoApi, shown: 'light' | 'dark'): void {
  const colorOf = resolveTokens();
  monaco.editor.defineTheme(EDITOR_THEME, {
    base: shown === 'dark' ? 'vs-dark' : 'vs',
    inherit: true,
    colors: Object.fromEntries(Object.entries(COLORS).map(([name, token]) => [name, colorOf(token)])),
    rules: TOKENS.map(({ scope, color, style }): editor.ITokenThemeRule => ({
      token: scope,
      foreground: colorOf(color).slice(1),
      ...(style && { fontStyle: style }),
    })),
  });
  monaco.editor.setTheme(EDITOR_THEME);
}

/** A custom property is kept as written, `light-dark(...)` and all; only a property that uses it has a colour. */
function resolveTokens(): (token: string) => string {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const style = getComputedStyle(document.documentElement);
  const probe = document.createElement('span');
  probe.hidden = true;
  document.body.append(probe);
  const resolve = (token: string): string => {
    probe.style.color = `var(${token})`;
    const color = getComputedStyle(probe).color || style.color;
    if (!context) return '#808080';
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = color;
    context.fillRect(0, 0, 1, 1);
    return `#${Array.from(context.getImageData(0, 0, 1, 1).data, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  };
  const resolved = new Map(
    [...Object.values(COLORS), ...TOKENS.map(({ color }) => color)].map((token) => [token, resolve(token)]),
  );
  probe.remove();
  return (token) => resolved.get(token) ?? '#808080';
}
