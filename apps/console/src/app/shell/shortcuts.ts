import { MOD_KEY } from '../browser/platform';
import { runChords, type RunKeys } from '../settings/run-keys';

/** Something that a key does, wherever the focus is. */
export type ShortcutAction =
  | 'run'
  | 'run-in-background'
  | 'cancel'
  | 'switch-pane'
  | 'show-shortcuts'
  | 'show-examples'
  | 'show-settings'
  | 'copy-link'
  | 'toggle-history'
  | 'toggle-background';

/** Chords of Ctrl or Command with a letter or a sign. */
const CHORDS: Readonly<Record<string, ShortcutAction>> = {
  s: 'copy-link',
  ',': 'show-settings',
  'shift+e': 'show-examples',
  'shift+h': 'toggle-history',
  'shift+b': 'toggle-background',
};

/** What a key press means for the page; null: nothing, it belongs to whatever has the focus. */
export function actionOf(event: KeyboardEvent, runKeys: RunKeys = 'mod-enter'): ShortcutAction | null {
  if (event.isComposing) return null;
  const target = event.target instanceof Element ? event.target : null;
  // A dialog over the page has keys of its own: Escape closes it, and nothing runs behind it.
  if (target?.closest('[aria-modal="true"]')) return null;
  const hasMod = event.ctrlKey || event.metaKey;
  const hasModifier = hasMod || event.altKey;
  switch (event.key) {
    case 'Enter':
      if (hasMod && event.shiftKey && !event.altKey) return 'run-in-background';
      return runsBy(event, runKeys) ? 'run' : null;
    case 'Escape':
      return hasModifier || event.shiftKey ? null : 'cancel';
    case 'F6':
      return hasModifier ? null : 'switch-pane';
    case '?':
      return hasModifier || isWritable(target) ? null : 'show-shortcuts';
    default:
      return hasMod && !event.altKey ? chordOf(event) : null;
  }
}

function runsBy({ ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent, runKeys: RunKeys): boolean {
  const hasMod = ctrlKey || metaKey;
  if (altKey || hasMod === shiftKey) return false;
  return runKeys === 'both' || runKeys === (hasMod ? 'mod-enter' : 'shift-enter');
}

/** By the letter that the key writes, else, on keyboards of other scripts, by where it is. */
function chordOf({ key, code, shiftKey }: KeyboardEvent): ShortcutAction | null {
  const sign = /^[ -~]$/.test(key) ? key.toLowerCase() : (/^Key([A-Z])$/.exec(code)?.[1] ?? '').toLowerCase();
  return CHORDS[`${shiftKey ? 'shift+' : ''}${sign}`] ?? null;
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

export interface ShortcutGroup {
  readonly group: string;
  readonly entries: readonly ShortcutDescription[];
}

/** What the dialog shows. */
export function shortcutsWith(runKeys: RunKeys): readonly ShortcutGroup[] {
  const [anywhere, ...others] = SHORTCUTS;
  const run = { chords: runChords(runKeys), description: 'Run the script' };
  const inBackground = { chords: [[MOD_KEY, 'Shift', 'Enter']], description: 'Run it in the background' };
  return [{ group: 'Anywhere', entries: [run, inBackground, ...(anywhere?.entries ?? [])] }, ...others];
}

const SHORTCUTS: readonly ShortcutGroup[] = [
  {
    group: 'Anywhere',
    entries: [
      { chords: [['Esc']], description: 'Cancel the run' },
      { chords: [['F6']], description: 'Move between script and result' },
      { chords: [[MOD_KEY, 'S']], description: 'Copy a link to the script' },
      { chords: [[MOD_KEY, 'Shift', 'E']], description: 'Show the examples' },
      { chords: [[MOD_KEY, 'Shift', 'H']], description: 'Show or hide the history' },
      { chords: [[MOD_KEY, 'Shift', 'B']], description: 'Show or hide the background runs' },
      { chords: [[MOD_KEY, ',']], description: 'Show the settings' },
      { chords: [['?']], description: 'Show the shortcuts (outside of the editor)' },
    ],
  },
  {
    group: 'In the history and the background runs',
    entries: [
      {
        chords: [['↑'], ['↓']],
        description: 'Move through the runs',
      },
      { chords: [['Enter']], description: 'Restore the script and its result' },
      { chords: [['Delete']], description: 'Delete the run' },
    ],
  },
  {
    group: 'In the result and in what was printed',
    entries: [
      { chords: [[MOD_KEY, 'F']], description: 'Find, also what is not on the screen' },
      { chords: [['Enter'], ['Shift', 'Enter']], description: 'Go to the next match, or the one before' },
      { chords: [[MOD_KEY, 'A']], description: 'Select all of a text, to copy it' },
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
