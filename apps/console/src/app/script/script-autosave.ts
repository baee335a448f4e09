import { inject, Injectable } from '@angular/core';
import { BrowserStorage } from '../browser/browser-storage';
import { TabStorage } from '../browser/tab-storage';
import { readSetup } from './read-setup';
import { isPlain, type RunSetup } from './run-setup';

const KEY = 'pycell.script';

export interface SavedScript {
  readonly text: string;
  /** It came by a link and is not confirmed yet: a reload does not make it the user's own. */
  readonly isUnread: boolean;
  /** What it is run with; of its files the names only. */
  readonly setup: RunSetup;
}

/** Keeps the script for each tab, so that two tabs do not overwrite each other; a new tab begins with what was written last. */
@Injectable({ providedIn: 'root' })
export class ScriptAutosave {
  private readonly tab = inject(TabStorage);
  private readonly browser = inject(BrowserStorage);

  /** null where nothing was kept. */
  read(): SavedScript | null {
    return readSaved(this.tab.read(KEY)) ?? readSaved(this.browser.read(KEY));
  }

  /**
   * @param isWritten whether the user wrote something in it: what they only look at, such as an example or the script
   * of a link, is no reason to forget what they wrote in another tab
   * @returns whether the browser kept it
   */
  write(saved: SavedScript, isWritten: boolean): boolean {
    const { setup, ...script } = saved;
    const value = JSON.stringify(isPlain(setup) ? script : saved);
    const isInTab = this.tab.write(KEY, value);
    if (isInTab && !isWritten) return true;
    const isInBrowser = this.browser.write(KEY, value);
    // An older one of the tab would come first.
    if (!isInTab && isInBrowser) this.tab.remove(KEY);
    return isInBrowser;
  }
}

function readSaved(value: string | null): SavedScript | null {
  try {
    const saved = JSON.parse(value ?? 'null') as Partial<SavedScript> | null;
    return typeof saved?.text === 'string'
      ? { text: saved.text, isUnread: saved.isUnread !== false, setup: readSetup(saved.setup) }
      : null;
  } catch {
    // SyntaxError: not written by us.
    return null;
  }
}
