import { computed, effect, inject, Injectable, signal, untracked } from '@angular/core';
import { countCodePoints } from '@pycell/script-policy';
import { ScriptAutosave } from './script-autosave';
import { SetupStore } from './setup-store';
import { STARTING_SCRIPT } from './starting-script';
import { type OriginatedText, TextOrigins } from './text-origins';

/** The pause in typing after which the script is saved. */
const AUTOSAVE_DELAY_MS = 400;

/** What stood in the editor before something else was loaded. */
export interface ReplacedScript {
  readonly text: string;
  readonly baseline: string;
}

/** The script in the editor. It is kept in the browser as it is written, with what it is run with. */
@Injectable({ providedIn: 'root' })
export class ScriptStore {
  private readonly autosave = inject(ScriptAutosave);
  private readonly setups = inject(SetupStore);
  private readonly origins = new TextOrigins();
  private readonly script = signal(this.start());
  private readonly baseline = signal(STARTING_SCRIPT);
  private readonly saved = signal(true);
  private pendingSave: ReturnType<typeof setTimeout> | null = null;

  readonly text = computed(() => this.script().text);
  /** As the service counts it: Unicode code points. */
  readonly sizeCodePoints = computed(() => countCodePoints(this.text()));
  /** Whether the user has written something that replacing the script would take away. */
  readonly isEdited = computed(() => this.text() !== this.baseline() && this.text().trim() !== '');
  /** Whether it came by a link and the user has not confirmed yet that it may run. */
  readonly isUnread = computed(() => this.script().link !== null);
  /** False when the browser did not keep what was written last. */
  readonly isSaved = this.saved.asReadonly();

  constructor() {
    // A page that is closed or frozen may never reach its timer.
    addEventListener('pagehide', () => this.saveNow());
    let isFirst = true;
    effect(() => {
      this.setups.kept();
      if (!isFirst) untracked(() => this.saveAfter(AUTOSAVE_DELAY_MS));
      isFirst = false;
    });
  }

  /** The user wrote, or undid. */
  edit(text: string): void {
    const before = this.script();
    if (text === before.text) return;
    this.script.set(this.origins.afterEdit(before, text));
    this.saveAfter(AUTOSAVE_DELAY_MS);
  }

  /**
   * Replaces the script, by an example say. In the editor that is one step which undo takes back.
   * @param isByLink it came by a shared link
   * @returns what was there, for `restore`
   */
  load(text: string, isByLink = false): ReplacedScript {
    const before = this.script();
    const replaced = { text: before.text, baseline: this.baseline() };
    const normalized = text.replace(/\r\n?/g, '\n');
    this.baseline.set(normalized);
    this.script.set(this.origins.afterLoad(before, normalized, isByLink));
    this.saveAfter(0);
    return replaced;
  }

  /** Takes a replacement back; whether the script may run is as it was, or as the user has said since. */
  restore({ text, baseline }: ReplacedScript): void {
    this.baseline.set(baseline);
    this.edit(text);
  }

  /** The user has confirmed the script that came by a link. */
  markRead(): void {
    if (!this.isUnread()) return;
    this.script.set(this.origins.afterReading(this.script()));
    this.saveAfter(0);
  }

  private start(): OriginatedText {
    const saved = this.autosave.read();
    const begun = { text: STARTING_SCRIPT, link: null };
    if (!saved) return begun;
    return saved.isUnread
      ? this.origins.afterLoad(begun, saved.text, true)
      : { text: saved.text, link: null };
  }

  private saveAfter(delayMs: number): void {
    if (this.pendingSave !== null) clearTimeout(this.pendingSave);
    this.pendingSave = setTimeout(() => this.saveNow(), delayMs);
  }

  private saveNow(): void {
    if (this.pendingSave === null) return;
    clearTimeout(this.pendingSave);
    this.pendingSave = null;
    const script = { text: this.text(), isUnread: this.isUnread(), setup: this.setups.kept() };
    this.saved.set(this.autosave.write(script, this.isEdited() || this.setups.isEdited()));
  }
}
