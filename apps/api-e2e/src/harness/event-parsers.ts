/** An event as a client of server-sent events has it. */
export interface ServerSentEvent {
  readonly event: string;
  readonly data: string;
  /** Its own; absent where it has none. */
  readonly id?: string;
}

/** Names of events, of several with one name in a row one: a print comes in one piece or in several. */
export function turnsOf(events: readonly Pick<ServerSentEvent, 'event'>[]): string[] {
  return events.map(({ event }) => event).filter((event, index, all) => event !== all[index - 1]);
}

/**
 * Reads server-sent events as the HTML standard says ("9.2.6 Interpreting an event stream"), and by nothing of the
 * service's: lines end with CR LF, LF or CR; what follows no blank line is thrown away.
 */
export function parseServerSentEvents(text: string): { events: ServerSentEvent[]; comments: string[] } {
  const events: ServerSentEvent[] = [];
  const comments: string[] = [];
  let type = '';
  let data: string[] = [];
  let id: string | null = null;
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/);
  // What stands behind the last line end is no line.
  for (const line of lines.slice(0, -1)) {
    if (line === '') {
      if (data.length > 0) {
        events.push({
          event: type === '' ? 'message' : type,
          data: data.join('\n'),
          ...(id !== null && { id }),
        });
      }
      type = '';
      data = [];
      id = null;
      continue;
    }
    const colon = line.indexOf(':');
    if (colon === 0) {
      comments.push(line.slice(1));
      continue;
    }
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') {
      type = value;
    } else if (field === 'data') {
      data.push(value);
    } else if (field === 'id') {
      id = value;
    } else if (field !== 'retry') {
      throw new Error(`a field that the service never sends: ${JSON.stringify(line)}`);
    }
  }
  return { events, comments };
}

const LINE_END_CHARACTERS = '\n\r\v\f\x1c\x1d\x1e\u0085\u2028\u2029';
const LINE_ENDS = new RegExp(`\r\n|[${LINE_END_CHARACTERS}]`);

/** Splits a text where Python's `str.splitlines` does, at which clients of NDJSON split, too. */
export function splitLines(text: string): string[] {
  const lines = text.split(LINE_ENDS);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}
