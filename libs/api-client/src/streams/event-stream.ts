import { LineSplitter } from './line-splitter';

/** One event of a stream: its type, and the JSON text of the rest. */
export interface ServerSentEvent {
  readonly type: string;
  readonly data: string;
}

/**
 * Reads server-sent events from a text that comes in pieces. Not `EventSource`, which sends no header, and so no key.
 * What pycell never sends (a lone carriage return as the end of a line, a byte order mark) is not looked for.
 */
export class EventStream {
  private readonly lines = new LineSplitter();
  private type = '';
  private data: string[] = [];
  private id = '';
  private lastId = '';

  /** The id of the latest event that has come whole; empty before the first. With it a stream is resumed. */
  get lastEventId(): string {
    return this.lastId;
  }

  /** The type of the event that has begun and not come whole; empty where that is not told yet. */
  get begunType(): string {
    return this.type;
  }

  /** @returns the events that this piece completes */
  *push(piece: string): Generator<ServerSentEvent> {
    for (const raw of this.lines.push(piece)) {
      const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
      if (line !== '') {
        this.take(line);
        continue;
      }
      this.lastId = this.id;
      if (this.data.length > 0) yield { type: this.type || 'message', data: this.data.join('\n') };
      this.type = '';
      this.data = [];
    }
  }

  private take(line: string): void {
    const colon = line.indexOf(':');
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'event') this.type = value;
    else if (name === 'data') this.data.push(value);
    else if (name === 'id' && !value.includes('\0')) this.id = value;
    // A comment, which is a sign of life, and `retry`, which is for `EventSource`, say nothing here.
  }
}
