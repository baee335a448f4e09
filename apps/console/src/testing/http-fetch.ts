/* eslint-disable no-restricted-imports -- Only tests use it, and those run in Node. */
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { TextDecoder, TextEncoder } from 'node:util';
import { MessageChannel } from 'node:worker_threads';

// What jsdom does not have.
Object.assign(globalThis, { TextDecoder, TextEncoder, MessageChannel });

/** `fetch` over the network, which jsdom does not have: what of it the clients use. */
export const httpFetch = ((target: URL, init: RequestInit = {}) =>
  new Promise((resolve, reject) => {
    const { method = 'GET', headers = {}, body, signal } = init;
    const sent = request(new URL(target.href), {
      method,
      headers: headers as Record<string, string>,
      agent: false,
    });
    const abort = (): void => void sent.destroy(new DOMException('aborted', 'AbortError'));
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort, { once: true });
    sent.once('error', reject);
    sent.once('response', (incoming) => {
      incoming.on('error', () => undefined);
      const fields = new Map(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
      resolve({
        status: incoming.statusCode,
        type: 'basic',
        redirected: false,
        headers: { get: (name: string) => fields.get(name.toLowerCase()) ?? null },
        text: async () => {
          let text = '';
          for await (const piece of incoming.setEncoding('utf8')) text += piece as string;
          return text;
        },
        get body() {
          return Readable.toWeb(incoming);
        },
      });
    });
    sent.end(body);
  })) as unknown as typeof fetch;
