import { inject, Injectable, signal } from '@angular/core';
import { FETCH } from '../browser/fetch';

/** The API's usual address, for a page that was served without a `config.json`. */
export const FALLBACK_API_URL = 'http://localhost:8080';
/** A host that does not answer by then has no `config.json` for us: everything waits for it. */
const TIMEOUT_MS = 10_000;

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
      const response = await this.fetch(new URL('config.json', document.baseURI), {
        cache: 'no-cache',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (!response.ok) return FALLBACK_API_URL;
      const value: unknown = await response.json();
      return readApiUrl(value) ?? FALLBACK_API_URL;
    } catch {
      // A TypeError without a network, a TimeoutError, a SyntaxError where a static host answers with a page: each has
      // the fallback.
      return FALLBACK_API_URL;
    }
  }
}

function readApiUrl(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('apiUrl' in value)) return null;
  return typeof value.apiUrl === 'string' && value.apiUrl.trim() !== ''
    ? fromPage(value.apiUrl.trim())
    : null;
}

/** What is relative to the page becomes the path that it is: people read it in the settings, and type it there. */
function fromPage(url: string): string {
  const isRelative = !URL.canParse(url) && !url.startsWith('//') && URL.canParse(url, document.baseURI);
  return isRelative ? new URL(url, document.baseURI).pathname : url;
}
