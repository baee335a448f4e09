import { atOnceOrInSlices, type Sliced } from './slices';

export { sendPieces } from '../../answers/send-execution';

/** Characters of a text that are written in one go. */
const TEXT_SLICE = 64 * 1024;

type Json = string | number | boolean | null | object;

/**
 * Returns the JSON text of an object, of which only direct members are large texts: these are written in slices, with others
 * served between them.
 * @param goOn called between slices; what it throws ends the work
 */
export async function jsonPieces(
  members: Readonly<Record<string, Json>>,
  goOn: () => void,
): Promise<readonly Buffer[]> {
  return await atOnceOrInSlices(objectPieces(members), goOn);
}

function* objectPieces(members: Readonly<Record<string, Json>>): Sliced<readonly Buffer[]> {
  const pieces: Buffer[] = [];
  let short = '{';
  for (const [index, [name, value]] of Object.entries(members).entries()) {
    short += `${index === 0 ? '' : ','}${JSON.stringify(name)}:`;
    if (typeof value !== 'string' || value.length <= TEXT_SLICE) {
      short += JSON.stringify(value);
    } else {
      pieces.push(Buffer.from(`${short}"`));
      yield* textPieces(value, pieces);
      short = '"';
    }
  }
  pieces.push(Buffer.from(`${short}}`));
  return pieces;
}

function* textPieces(text: string, pieces: Buffer[]): Sliced<void> {
  for (let start = 0; start < text.length;) {
    const end = endOfSlice(text, start);
    pieces.push(Buffer.from(JSON.stringify(text.slice(start, end)).slice(1, -1)));
    start = end;
    yield;
  }
}

/** No slice ends between the halves of a pair: apart each would be escaped. */
function endOfSlice(text: string, start: number): number {
  const end = start + TEXT_SLICE;
  const last = text.charCodeAt(end - 1);
  return last >= 0xd800 && last < 0xdc00 ? end - 1 : end;
}
