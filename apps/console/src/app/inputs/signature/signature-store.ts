import { computed, effect, inject, Injectable, signal, untracked } from '@angular/core';
import { ApiAddress } from '../../address/api-address';
import { ApiClient } from '../../api/api-client';
import { KeyPrompt } from '../../keys/key-prompt';
import { MetadataStore } from '../../metadata/metadata-store';
import { ScriptStore } from '../../script/script-store';
import { SetupStore } from '../../script/setup-store';
import type { Signature } from '../values/input-field';
import { readSignature } from './read-signature';

/** The pause in typing after which the service is asked. */
const ASK_DELAY_MS = 400;
/** A service that is busy is asked again after that. */
const RETRY_DELAY_MS = 3_000;

interface KnownSignature {
  readonly script: string;
  /** How many scripts had been loaded by then: that of another script says nothing. */
  readonly loads: number;
  readonly signature: Signature | null;
}

/** Knows what `main` of the script in the editor takes: the service reads it, and runs nothing. */
@Injectable({ providedIn: 'root' })
export class SignatureStore {
  private readonly client = inject(ApiClient);
  private readonly script = inject(ScriptStore);
  private readonly setup = inject(SetupStore);
  private readonly metadata = inject(MetadataStore);
  private readonly known = signal<KnownSignature | null>(null);
  private asking = new AbortController();
  private pending: ReturnType<typeof setTimeout> | null = null;
  private isUnsupported = false;
  /** When it may be asked again, by its own words; milliseconds of `performance.now()`. */
  private askableAt = 0;

  /** As of the last script that could be read; null while nothing is known, and where there is no `main`. */
  readonly signature = computed(() => {
    const known = this.known();
    return known?.loads === this.setup.loads() ? known.signature : null;
  });

  constructor() {
    const address = inject(ApiAddress);
    const prompt = inject(KeyPrompt);
    /** null while it does not answer. */
    const service = computed(() => {
      const described = this.metadata.metadata();
      return described && `${address.current() ?? ''} ${described.version}`;
    });
    let asked: string | null = null;
    effect(() => {
      const now = service();
      if (now !== null && now !== asked) {
        asked = now;
        this.isUnsupported = false;
        this.askableAt = 0;
        this.known.set(null);
      }
      const script = this.script.text();
      this.setup.loads();
      // Where it wants a key, it is asked again when it has been given one.
      const isTaken = prompt.refusal() === null;
      const isWanted = now !== null && isTaken && this.setup.mode() === 'function';
      untracked(() => this.ask(isWanted ? script : null));
    });
  }

  /** @param script null: nothing is to be asked */
  private ask(script: string | null): void {
    this.asking.abort();
    if (this.pending !== null) clearTimeout(this.pending);
    this.pending = null;
    if (script === null || this.isUnsupported || this.isKnown(script)) return;
    if (script.trim() === '' || this.script.sizeCodePoints() > this.metadata.limits().maxScriptSize) return;
    this.askAfter(Math.max(ASK_DELAY_MS, this.askableAt - performance.now()), script);
  }

  private isKnown(script: string): boolean {
    const known = this.known();
    return known?.script === script && known.loads === this.setup.loads();
  }

  private askAfter(delayMs: number, script: string): void {
    this.pending = setTimeout(() => void this.askNow(script), delayMs);
  }

  private async askNow(script: string): Promise<void> {
    const asking = new AbortController();
    this.asking = asking;
    const outcome = await this.client.validate({ script, mode: 'function' }, asking.signal);
    if (asking.signal.aborted) return;
    switch (outcome.kind) {
      case 'validated': {
        // While a line is half written there is no telling: the form stays.
        const isHalfWritten = outcome.answer.main === null && outcome.answer.syntaxError !== null;
        const signature = isHalfWritten ? this.signature() : readSignature(outcome);
        this.known.set({ script, loads: this.setup.loads(), signature });
        break;
      }
      case 'refused':
        this.known.set({ script, loads: this.setup.loads(), signature: null });
        break;
      case 'unsupported':
        this.isUnsupported = true;
        this.known.set(null);
        break;
      case 'unanswered': {
        const waitMs = Math.max(RETRY_DELAY_MS, (outcome.retryAfterSeconds ?? 0) * 1_000);
        this.askableAt = performance.now() + (outcome.retryAfterSeconds ?? 0) * 1_000;
        this.askAfter(waitMs, script);
        break;
      }
      case 'locked':
        break;
      default:
        outcome satisfies never;
    }
  }
}
