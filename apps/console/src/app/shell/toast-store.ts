import { Injectable, signal } from '@angular/core';

/** A short word about something that happened, with at most one thing to do about it. */
export interface ToastRequest {
  readonly message: string;
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
  private lastId = 0;

  readonly toasts = this.shown.asReadonly();

  show(request: ToastRequest): void {
    this.lastId += 1;
    const toast = { ...request, id: this.lastId };
    this.shown.update((toasts) => [...toasts, toast].slice(-MOST_AT_ONCE));
    setTimeout(() => this.dismiss(toast.id), request.action ? SHOWN_WITH_ACTION_MS : SHOWN_MS);
  }

  dismiss(id: number): void {
    this.shown.update((toasts) => toasts.filter((toast) => toast.id !== id));
  }
}
