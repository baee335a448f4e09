/** Requests to servers that may be killed, or hang, at any moment. */
import { Agent, request as httpRequest } from 'node:http';

/** A server that hangs does not hold up a client for longer. */
const ANSWER_TIMEOUT_MS = 6_000;
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/**
 * @param {string} base
 * @param {{ method?: string, path: string, headers?: Record<string, string>, body?: string }} what
 * @returns {Promise<{ status: number, headers: import('node:http').IncomingHttpHeaders, text: string }>}
 *   rejects where the connection is lost, or the answer does not come in time
 */
export function ask(base, { method = 'GET', path, headers = {}, body }) {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
    const sent = httpRequest(new URL(path, base), { method, headers, agent, signal }, (response) => {
      const pieces = [];
      response.on('data', (piece) => pieces.push(piece));
      response.once('error', reject);
      response.once('end', () => {
        const text = Buffer.concat(pieces).toString('utf8');
        resolve({ status: response.statusCode, headers: response.headers, text });
      });
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

/** Reads server-sent events as they come, each { id, type, data }; comments are passed over. */
class EventReader {
  #rest = '';

  constructor(onEvent) {
    this.onEvent = onEvent;
  }

  take(text) {
    const blocks = (this.#rest + text).split('\n\n');
    this.#rest = blocks.pop();
    for (const block of blocks) {
      const fields = Object.fromEntries(
        block.split('\n').map((line) => {
          const colon = line.indexOf(':');
          return [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')];
        }),
      );
      if (fields.event !== undefined) {
        this.onEvent({
          ...{ id: Number(fields.id), type: fields.event, data: JSON.parse(fields.data ?? 'null') },
        });
      }
    }
  }
}

/** Longer than the service is silent: it sends a sign of life each 15 s. */
const SILENCE_TIMEOUT_MS = 20_000;

/**
 * Reads a stream until it ends, however it ends.
 * @param {(event: { id: number, type: string, data: unknown }) => void} onEvent
 * @returns {Promise<number>} the status; rejects where there is no answer
 */
export function followOnce(base, path, headers, onEvent) {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(new URL(path, base), { headers, agent: false }, (response) => {
      const reader = new EventReader(onEvent);
      const settle = () => resolve(response.statusCode);
      response.setEncoding('utf8').on('data', (text) => response.statusCode === 200 && reader.take(text));
      response.once('end', settle).once('error', settle).once('close', settle);
    });
    sent.setTimeout(SILENCE_TIMEOUT_MS, () => sent.destroy(new Error('silent for too long')));
    sent.once('error', reject);
    sent.end();
  });
}
