import type { JsonDocument } from './json-document';
import { JsonParser, parseJson } from './json-parser';
import { inSlices } from '../../browser/slices';

/** Texts of this length are indexed within a frame, so they need no waiting. UTF-16 code units. */
export const QUICK_LENGTH = 150_000;
/** Some tenths of a millisecond. */
const TOKENS_PER_STEP = 4_000;

/**
 * Indexes a text of any size without blocking the page.
 *
 * @returns null where it was aborted
 * @throws JsonSyntaxError where the text is no JSON
 */
export async function readJson(text: string, signal: AbortSignal): Promise<JsonDocument | null> {
  if (text.length <= QUICK_LENGTH) return parseJson(text);
  const parser = new JsonParser(text);
  return (await inSlices(() => parser.advance(TOKENS_PER_STEP), signal)) ? parser.document() : null;
}
