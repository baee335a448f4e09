/** Pixels. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

const PNG_START = Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1');
const PNG_END = Buffer.from('IEND\xaeB`\x82', 'latin1');
const JPEG_START = Buffer.from([0xff, 0xd8, 0xff]);
const JPEG_END = Buffer.from([0xff, 0xd9]);
const GIF_END = 0x3b;
/** Markers of JPEG that begin a frame have the size; these of their range are others. */
const NO_FRAMES: ReadonlySet<number> = new Set([0xc4, 0xc8, 0xcc]);
/** Behind the end of a JPEG writers leave some bytes. */
const END_BYTES = 64;

const READERS: Readonly<Record<string, (bytes: Buffer) => ImageSize | null>> = {
  'image/png': pngSize,
  'image/jpeg': jpegSize,
  'image/gif': gifSize,
  'image/webp': webpSize,
};

/**
 * Returns the size of an image that begins and ends as one of its type, null of what does not: a name says little of what is in a
 * file. What lies between is not looked at.
 */
export function imageSize(bytes: Buffer, mediaType: string): ImageSize | null {
  // The shortest of all has some more.
  return bytes.length < 16 ? null : (READERS[mediaType]?.(bytes) ?? null);
}

function pngSize(bytes: Buffer): ImageSize | null {
  const isWhole = bytes.length > 32 && startsWith(bytes, PNG_START) && bytes.subarray(-8).equals(PNG_END);
  return isWhole ? { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) } : null;
}

function gifSize(bytes: Buffer): ImageSize | null {
  const isWhole = /^GIF8[79]a/.test(bytes.toString('latin1', 0, 6)) && bytes.at(-1) === GIF_END;
  return isWhole ? { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) } : null;
}

function jpegSize(bytes: Buffer): ImageSize | null {
  if (!startsWith(bytes, JPEG_START) || !bytes.subarray(-END_BYTES).includes(JPEG_END)) {
    return null;
  }
  // Segments, one behind the other: FF, a marker, and a length that counts itself.
  for (let at = 2; at + 9 <= bytes.length && bytes[at] === 0xff; at += 2 + bytes.readUInt16BE(at + 2)) {
    const marker = bytes[at + 1] ?? 0;
    if (marker >= 0xc0 && marker <= 0xcf && !NO_FRAMES.has(marker)) {
      return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    }
  }
  return null;
}

function webpSize(bytes: Buffer): ImageSize | null {
  const isWhole =
    bytes.length >= 30 &&
    bytes.toString('latin1', 0, 4) === 'RIFF' &&
    bytes.toString('latin1', 8, 12) === 'WEBP' &&
    bytes.readUInt32LE(4) + 8 <= bytes.length;
  if (!isWhole) {
    return null;
  }
  switch (bytes.toString('latin1', 12, 16)) {
    case 'VP8X':
      return { width: 1 + bytes.readUIntLE(24, 3), height: 1 + bytes.readUIntLE(27, 3) };
    case 'VP8 ':
      return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
    case 'VP8L': {
      const packed = bytes.readUInt32LE(21);
      return { width: 1 + (packed & 0x3fff), height: 1 + ((packed >>> 14) & 0x3fff) };
    }
    default:
      return null;
  }
}

function startsWith(bytes: Buffer, start: Buffer): boolean {
  return bytes.subarray(0, start.length).equals(start);
}
