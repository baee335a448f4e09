import { MOD_KEY } from './platform';

/** Something that a key does, wherever the focus is. */
export type ShortcutAction = 'run' | 'cancel' | 'switch-pane' | 'show-shortcuts';

/** What a key press means for the page; null: nothing, it belongs to whatever has the focus. */
export function actionOf(event: KeyboardEvent): ShortcutAction | null {
  if (event.isComposing) return null;
  const target = event.target instanceof Element ? event.target : null;
  // A dialog is a world of its own: Escape closes it, and nothing runs behind it.
  if (target?.closest('dialog')) return null;
  const hasModifier = event.ctrlKey || event.metaKey || event.altKey;
  switch (event.key) {
    case 'Enter':
      return (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey ? 'run' : null;
    case 'Escape':
      return hasModifier || event.shiftKey ? null : 'cancel';
    case 'F6':
      return hasModifier ? null : 'switch-pane';
    case '?':
      return hasModifier || isWritable(target) ? null : 'show-shortcuts';
    default:
      return null;
  }
}

function isWritable(target: Element | null): boolean {
  return (
    target?.closest('input, textarea, select, [contenteditable], [role="textbox"], .monaco-editor') != null
  );
}

export interface ShortcutDescription {
  /** Alternatives, each a chord. */
  readonly chords: readonly (readonly string[])[];
  readonly description: string;
}

/** What the dialog shows. */
export const SHORTCUTS: readonly {
  readonly group: string;
  readonly entries: readonly ShortcutDescription[];
}[] = [
  {
    group: 'Anywhere',
    entries: [
      { chords: [[MOD_KEY, 'Enter']], description: 'Run the script' },
      { chords: [['Esc']], description: 'Cancel the run' },
      { chords: [['F6']], description: 'Move between script and result' },
      { chords: [['?']], description: 'Show the shortcuts (outside of the editor)' },
    ],
  },
  {
    group: 'In the editor',
    entries: [
      { chords: [[MOD_KEY, 'Space']], description: 'Suggest modules, snippets and names' },
      { chords: [['F8']], description: 'Go to the next problem' },
      { chords: [[MOD_KEY, '/']], description: 'Comment lines out or in' },
      {
        chords: [
          ['Alt', '↑'],
          ['Alt', '↓'],
        ],
        description: 'Move lines',
      },
      { chords: [[MOD_KEY, 'D']], description: 'Select the next match as well' },
      { chords: [[MOD_KEY, 'F']], description: 'Find' },
      { chords: [['F1']], description: 'All commands of the editor' },
      { chords: [['Ctrl', 'M']], description: 'Let Tab leave the editor, or indent again' },
    ],
  },
];
