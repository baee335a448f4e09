import { Injectable, signal } from '@angular/core';

/** A short message about something that happened, with at most one action. */
export interface ToastRequest {
  readonly message: string;
  /** What it is about: a newer toast with the same topic replaces this one. */
  readonly topic?: string;
  readonly tone?: 'neutral' | 'success' | 'warning' | 'error';
  readonly action?: { readonly label: string; readonly run: () => void };
}

export interface Toast extends ToastRequest {
  readonly id: number;
}

/** Long enough to read; longer with an action. */
const SHOWN_MS = 5_000;
const SHOWN_WITH_ACTION_MS = 8_000;
const MAX_SHOWN = 3;

/** The toasts that are shown, newest last. */
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
      return [...others, toast].slice(-MAX_SHOWN);
    });
    this.dismissLater(toast);
  }

  /** The pointer or the focus is on a toast: none may disappear meanwhile, nor move the others. */
  hold(): void {
    this.isHeld = true;
    this.timers.forEach((timer) => clearTimeout(timer));
    this.timers.clear();
  }

  /** Their time starts again. */
  release(): void {
    if (!this.isHeld) return;
    this.isHeld = false;
    this.shown().forEach((toast) => this.dismissLater(toast));
  }

  /** Registers a list that can show them; the newest list in the page does. */
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
