import { inject, Injectable, signal } from '@angular/core';
import { FETCH } from '../api/fetch';

/** The API's usual address, for a page that was served without a `config.json`. */
export const FALLBACK_API_URL = 'http://localhost:8080';

/** What the page was served with: `config.json` beside it, so that one build serves everywhere. */
@Injectable({ providedIn: 'root' })
export class ConsoleConfiguration {
  private readonly fetch = inject(FETCH);
  private readonly url = signal<string | null>(null);

  /** The served address of the API; null until it has been read. */
  readonly apiUrl = this.url.asReadonly();
  /** Resolves to the served address, and never rejects. */
  readonly loaded: Promise<string> = this.load();

  private async load(): Promise<string> {
    const url = await this.read();
    this.url.set(url);
    return url;
  }

  private async read(): Promise<string> {
    try {
      const response = await this.fetch(new URL('config.json', document.baseURI), { cache: 'no-cache' });
      if (!response.ok) return FALLBACK_API_URL;
      const value: unknown = await response.json();
      return readApiUrl(value) ?? FALLBACK_API_URL;
    } catch {
      // A TypeError without a network, a SyntaxError where a static host answers with a page: both have the fallback.
      return FALLBACK_API_URL;
    }
  }
}

function readApiUrl(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('apiUrl' in value)) return null;
  return typeof value.apiUrl === 'string' && value.apiUrl.trim() !== '' ? value.apiUrl.trim() : null;
}
