/** A place in the script that was being executed. */
export interface TracebackFrame {
  readonly kind: 'frame';
  /** 1-based. */
  readonly line: number;
  /** The function's name; empty for a syntax error, which lies in none. */
  readonly name: string;
  /** The source line, without its indentation; empty where Python knows none. */
  readonly source: string;
  /** What of the source line failed, in UTF-16 code units; null where Python marks nothing. */
  readonly mark: { readonly start: number; readonly end: number } | null;
}

/** An exception's message, what links it to the next one, a note that a part was left out. */
export interface TracebackNote {
  readonly kind: 'exception' | 'link' | 'note';
  readonly text: string;
}

const FRAME = /^ {2}File "script\.py", line (\d+)(?:, in (.*))?$/;
const LINK = /^(?:The above exception was|During handling of the above)/;
/** Redundant: the heading of the view says the same. */
const OPENING = 'Traceback (most recent call last):';
/** No part may match what the next one does: a line of thousands would be tried in every way. */
const CARETS = /^ *[~^][ ~^]*$/;

/** Reads Python's traceback, so that it can be shown as what it is. What it does not know stays as text. */
export function readTraceback(traceback: string): (TracebackFrame | TracebackNote)[] {
  const lines = traceback.split('\n');
  const entries: (TracebackFrame | TracebackNote)[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const frame = FRAME.exec(line);
    if (frame) {
      const source = isSource(lines[at + 1]) ? (lines[at + 1] ?? '') : null;
      const carets = source !== null && CARETS.test(lines[at + 2] ?? '') ? (lines[at + 2] ?? '') : null;
      entries.push(frameOf(frame, source ?? '', carets));
      at += (source === null ? 0 : 1) + (carets === null ? 0 : 1);
    } else if (LINK.test(line)) {
      entries.push({ kind: 'link', text: line });
    } else if (line !== '' && line !== OPENING) {
      addText(entries, line);
    }
  }
  return entries;
}

function isSource(line: string | undefined): boolean {
  return line?.startsWith('    ') ?? false;
}

function frameOf(
  [, line = '', name = '']: readonly string[],
  source: string,
  carets: string | null,
): TracebackFrame {
  const indent = source.length - source.trimStart().length;
  const start = carets === null ? -1 : carets.search(/[~^]/);
  return {
    kind: 'frame',
    line: Number(line),
    name,
    source: source.trim(),
    mark: carets === null ? null : { start: start - indent, end: carets.trimEnd().length - indent },
  };
}

/** Messages have several lines at times: what is not indented and follows frames begins one. */
function addText(entries: (TracebackFrame | TracebackNote)[], line: string): void {
  const previous = entries.at(-1);
  if (previous?.kind === 'exception') {
    entries[entries.length - 1] = { kind: 'exception', text: `${previous.text}\n${line}` };
  } else {
    entries.push({ kind: line.startsWith('  [') ? 'note' : 'exception', text: line.trimStart() });
  }
}
