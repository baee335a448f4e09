import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** The root of this checkout: the documents lie beside the code, whatever installation is tested. */
export const CHECKOUT = resolve(__dirname, '../../../..');

/** A fenced block of code in a document. */
export interface CodeBlock {
  /** Where it begins, as `README.md:12`. */
  readonly place: string;
  readonly language: string;
  readonly text: string;
  /** What it prints, where the document says so: the next block, marked as ```` ```json output ```` or `text output`. */
  readonly output: { readonly language: string; readonly text: string } | null;
}

interface Fence {
  readonly info: string;
  readonly line: number;
  readonly text: string;
}

export function readDocument(name: string): string {
  return readFileSync(resolve(CHECKOUT, name), 'utf8');
}

/** Returns the blocks of a document in their order, outputs with the block that they belong to. */
export function codeBlocksOf(name: string): readonly CodeBlock[] {
  const fences = fencesOf(readDocument(name));
  return fences.flatMap(({ info, line, text }, index) => {
    if (info.endsWith(' output')) {
      return [];
    }
    const next = fences[index + 1];
    const output = next?.info.endsWith(' output')
      ? { language: next.info.replace(' output', ''), text: next.text }
      : null;
    return [{ place: `${name}:${line}`, language: info, text, output }];
  });
}

function fencesOf(markdown: string): readonly Fence[] {
  const fences: Fence[] = [];
  let open: { info: string; line: number; lines: string[] } | null = null;
  for (const [index, line] of markdown.split('\n').entries()) {
    if (!line.startsWith('```')) {
      open?.lines.push(line);
    } else if (open) {
      fences.push({ info: open.info, line: open.line, text: `${open.lines.join('\n')}\n` });
      open = null;
    } else {
      open = { info: line.slice(3).trim(), line: index + 1, lines: [] };
    }
  }
  return fences;
}
