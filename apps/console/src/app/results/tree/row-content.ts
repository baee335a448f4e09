import type { JsonDocument, JsonKind } from '../json/json-document';
import { countText } from '../../ui/formatting/figures';

/** What a row says of a value. */
export interface RowContent {
  readonly node: number;
  readonly depth: number;
  readonly kind: JsonKind;
  /** Its key or its place in the list; null for the root. */
  readonly name: string | null;
  readonly isKey: boolean;
  /** Of plain values the value, of closed containers the beginning of what they hold. */
  readonly value: string;
  /** Whether the value goes on. */
  readonly isClipped: boolean;
  /** Of containers how much they hold; else empty. */
  readonly size: string;
  readonly isOpen: boolean;
  readonly canOpen: boolean;
}

/** As much as fits any screen. */
const SHOWN_LENGTH = 240;

export function rowContent(json: JsonDocument, node: number, isOpen: boolean): RowContent {
  const kind = json.kind(node);
  const key = json.key(node);
  const isContainer = json.isContainer(node);
  const length = json.end(node) - json.start(node);
  const isClipped = length > SHOWN_LENGTH;
  const beginning = json.text.slice(json.start(node), json.start(node) + Math.min(length, SHOWN_LENGTH));
  const name = node === json.root ? null : (key ?? String(json.ordinal(node)));
  return {
    node,
    depth: json.depth(node),
    kind,
    name,
    isKey: key !== null,
    value: isContainer && isOpen ? '' : isClipped ? `${beginning}…` : beginning,
    isClipped: isClipped && !isContainer,
    size: isContainer ? sizeText(json.size(node), kind) : '',
    isOpen,
    canOpen: json.size(node) > 0,
  };
}

function sizeText(size: number, kind: JsonKind): string {
  if (size === 0) return 'empty';
  return kind === 'array' ? countText(size, 'item') : countText(size, 'key');
}

/** A piece of a text, and whether it is what is searched for. */
export interface Piece {
  readonly text: string;
  readonly isHit: boolean;
}

/** Cuts a text where the searched one begins and ends. */
export function piecesOf(text: string, query: string): Piece[] {
  if (query === '') return [{ text, isHit: false }];
  const lower = text.toLowerCase();
  const wanted = query.toLowerCase();
  // Rarely a letter changes its length with its case; then no piece would be where it is.
  if (lower.length !== text.length) return [{ text, isHit: false }];
  const pieces: Piece[] = [];
  let end = 0;
  for (let at = lower.indexOf(wanted); at !== -1; at = lower.indexOf(wanted, end)) {
    if (at > end) pieces.push({ text: text.slice(end, at), isHit: false });
    end = at + wanted.length;
    pieces.push({ text: text.slice(at, end), isHit: true });
  }
  if (end < text.length) pieces.push({ text: text.slice(end), isHit: false });
  return pieces;
}
