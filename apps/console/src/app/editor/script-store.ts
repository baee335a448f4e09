import { computed, inject, Injectable, signal } from '@angular/core';
import { countCodePoints } from '@pycell/script-policy';
import { BrowserStorage } from '../storage/browser-storage';
import { STARTING_SCRIPT } from './starting-script';

const KEY = 'pycell.script';
/** How long typing must rest before the script is kept. */
const AUTOSAVE_DELAY_MS = 400;

/** The script in the editor. It is kept in the browser as it is written. */
@Injectable({ providedIn: 'root' })
export class ScriptStore {
  private readonly storage = inject(BrowserStorage);
  private readonly script = signal(this.storage.read(KEY) ?? STARTING_SCRIPT);
  private readonly baseline = signal(STARTING_SCRIPT);
  private pendingSave: ReturnType<typeof setTimeout> | null = null;

  readonly text = this.script.asReadonly();
  /** As the service counts it: Unicode code points. */
  readonly sizeCodePoints = computed(() => countCodePoints(this.script()));
  /** Whether the person has written something that replacing the script would take away. */
  readonly isEdited = computed(() => this.script() !== this.baseline() && this.script().trim() !== '');

  constructor() {
    // A page that is closed or put away may never come to its timer.
    addEventListener('pagehide', () => this.saveNow());
  }

  /** The person wrote. */
  edit(text: string): void {
    if (text === this.script()) return;
    this.script.set(text);
    if (this.pendingSave !== null) clearTimeout(this.pendingSave);
    this.pendingSave = setTimeout(() => this.saveNow(), AUTOSAVE_DELAY_MS);
  }

  /**
   * Replaces the script, by an example say. In the editor that is one step which undo takes back.
   * @returns the script that was there
   */
  load(text: string): string {
    const previous = this.script();
    const normalized = text.replace(/\r\n?/g, '\n');
    this.baseline.set(normalized);
    this.script.set(normalized);
    this.pendingSave ??= setTimeout(() => this.saveNow(), 0);
    return previous;
  }

  private saveNow(): void {
    if (this.pendingSave === null) return;
    clearTimeout(this.pendingSave);
    this.pendingSave = null;
    this.storage.write(KEY, this.script());
  }
}
