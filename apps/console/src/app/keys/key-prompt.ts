import { computed, inject, Injectable, signal } from '@angular/core';
import { ApiAddress } from '../address/api-address';
import type { KeyRefusal } from './key-refusal';
import { KeyStore } from './key-store';

interface HeardRefusal {
  readonly refusal: KeyRefusal;
  /** `KeyStore.changes` by then: of another key it says nothing. */
  readonly changes: number;
}

interface Question {
  readonly refusal: KeyRefusal;
  readonly answered: Promise<boolean>;
  readonly answer: (isEntered: boolean) => void;
}

/** Knows whether the API wants a key, and asks the user for it. */
@Injectable({ providedIn: 'root' })
export class KeyPrompt {
  private readonly address = inject(ApiAddress);
  private readonly keys = inject(KeyStore);
  private readonly heard = signal<HeardRefusal | null>(null);
  private readonly question = signal<Question | null>(null);

  /** What the API in force has said about the key in force, or about there being none; null while it takes requests. */
  readonly refusal = computed(() => {
    const heard = this.heard();
    if (heard?.changes !== this.keys.changes()) return null;
    return heard.refusal.apiUrl === this.address.current() ? heard.refusal : null;
  });
  /** What the user is being asked for; null while it is nothing. */
  readonly asked = computed(() => this.question()?.refusal ?? null);

  /** @param key that was sent */
  noteRefusal(refusal: KeyRefusal, key: string | null): void {
    // A key may have been entered while the answer was on its way.
    if (this.keys.keyFor(refusal.apiUrl) !== key) return;
    this.heard.set({ refusal, changes: this.keys.changes() });
  }

  /** The API has taken a request that needs a key where it has keys. */
  noteAcceptance(apiUrl: string): void {
    if (this.heard()?.refusal.apiUrl === apiUrl) this.heard.set(null);
  }

  /**
   * Asks for the key that the API wants, unless it wants none.
   * @param signal takes the question back
   * @returns whether one was entered that the API accepts
   */
  async ask(signal?: AbortSignal): Promise<boolean> {
    const refusal = this.refusal();
    const question = this.question() ?? (refusal && questionAbout(refusal));
    if (!question || signal?.aborted) return false;
    this.question.set(question);
    signal?.addEventListener('abort', () => question.answer(false), { once: true });
    try {
      return await question.answered;
    } finally {
      if (this.question() === question) this.question.set(null);
    }
  }

  /** The user has entered a key, or does not want to. */
  answer(isEntered: boolean): void {
    this.question()?.answer(isEntered);
  }
}

function questionAbout(refusal: KeyRefusal): Question {
  let answer: Question['answer'] = () => undefined;
  const answered = new Promise<boolean>((resolve) => {
    answer = resolve;
  });
  return { refusal, answered, answer };
}
