import { Injectable, signal } from '@angular/core';

/** A short word about something that happened, with at most one thing to do about it. */
export interface ToastRequest {
  readonly message: string;
  /** What it is about: a newer word about the same takes the place of this one. */
  readonly topic?: string;
  readonly tone?: 'neutral' | 'success' | 'warning' | 'error';
  readonly action?: { readonly label: string; readonly run: () => void };
}

export interface Toast extends ToastRequest {
  readonly id: number;
}

/** Long enough to read; longer where there is something to do. */
const SHOWN_MS = 5_000;
const SHOWN_WITH_ACTION_MS = 12_000;
const MOST_AT_ONCE = 3;

/** The words that are shown, newest last. */
@Injectable({ providedIn: 'root' })
export class ToastStore {
  private readonly shown = signal<readonly Toast[]>([]);
  private readonly places = signal<readonly object[]>([]);
  private readonly timers = new Map<number, ReturnType<typeof setTimeout>>();
  private isHeld = false;
  private lastId = 0;

  readonly toasts = this.shown.asReadonly();

  show(request: ToastRequest): void {
    this.lastId += 1;
    const toast = { ...request, id: this.lastId };
    this.shown.update((toasts) => {
      const others = toasts.filter(({ topic }) => topic === undefined || topic !== request.topic);
      return [...others, toast].slice(-MOST_AT_ONCE);
    });
    this.dismissLater(toast);
  }

  /** Somebody points at a word, or is at its button: none may go meanwhile, nor move the others. */
  hold(): void {
    this.isHeld = true;
    this.timers.forEach((timer) => clearTimeout(timer));
    this.timers.clear();
  }

  /** From now on they have their time again. */
  release(): void {
    if (!this.isHeld) return;
    this.isHeld = false;
    this.shown().forEach((toast) => this.dismissLater(toast));
  }

  /** A list that could show them; the newest of those in the page does. */
  offerPlace(): { readonly isUppermost: () => boolean; readonly withdraw: () => void } {
    const place = {};
    this.places.update((places) => [...places, place]);
    return {
      isUppermost: () => this.places().at(-1) === place,
      withdraw: () => this.places.update((places) => places.filter((other) => other !== place)),
    };
  }

  dismiss(id: number): void {
    clearTimeout(this.timers.get(id));
    this.timers.delete(id);
    this.shown.update((toasts) => toasts.filter((toast) => toast.id !== id));
  }

  private dismissLater({ id, action }: Toast): void {
    if (this.isHeld) return;
    const shownMs = action ? SHOWN_WITH_ACTION_MS : SHOWN_MS;
    this.timers.set(
      id,
      setTimeout(() => this.dismiss(id), shownMs),
    );
  }
}
