import type { ForeignArtifact } from '../door/foreign-outcome';
import { imageSize } from './image-size';
import { MAX_IMAGE_BYTES, MAX_IMAGE_SIDE, MAX_IMAGES, shownImages } from './shown-images';

const base64 = (text: string): Buffer => Buffer.from(text, 'base64');
/** Five pixels by three, as Pillow writes them. */
const PNG = base64(
  'iVBORw0KGgoAAAANSUhEUgAAAAUAAAADCAIAAADUVFKvAAAADElEQVR42mNgIA0AAAAwAAEodEl9AAAAAElFTkSuQmCC',
);
const JPEG = base64(
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/2wBDAQkJCQwLDBgNDRgyIRwhMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjL/wAARCAADAAUDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAj/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFAEBAAAAAAAAAAAAAAAAAAAAAP/EABQRAQAAAAAAAAAAAAAAAAAAAAD/2gAMAwEAAhEDEQA/AJ/AB//Z',
);
const GIF = base64('R0lGODdhBQADAIEAAAAAAAAAAAAAAAAAACwAAAAABQADAAAICAABCBxIsGBAADs=');
const LOSSLESS = base64('UklGRhoAAABXRUJQVlA4TA4AAAAvBIAAAAcQEf0PRET/Aw==');
const LOSSY = base64('UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoFAAMAAUAmJaQAA3AA/v02aAA=');
const EXTENDED = base64(
  'UklGRkwAAABXRUJQVlA4WAoAAAAIAAAABAAAAgAAVlA4IBgAAAAwAQCdASoFAAMAAUAmJaQAA3AA/v02aABFWElGDgAAAE1NACoAAAAIAAAAAAAA',
);
const IMAGES: readonly (readonly [string, string, Buffer])[] = [
  ['PNG', 'image/png', PNG],
  ['JPEG', 'image/jpeg', JPEG],
  ['GIF', 'image/gif', GIF],
  ['lossless WebP', 'image/webp', LOSSLESS],
  ['lossy WebP', 'image/webp', LOSSY],
  ['extended WebP', 'image/webp', EXTENDED],
];

/** A PNG of this many bytes, as far as its beginning and end say. */
function png({ width = 5, height = 3, size = PNG.length } = {}): Buffer {
  const filled = Buffer.concat([PNG.subarray(0, -8), Buffer.alloc(size - PNG.length), PNG.subarray(-8)]);
  filled.writeUInt32BE(width, 16);
  filled.writeUInt32BE(height, 20);
  return filled;
}

const artifact = (name: string, bytes: Buffer, contentType = 'image/png'): ForeignArtifact => ({
  name,
  contentType,
  bytes,
});
const namesOf = (artifacts: readonly ForeignArtifact[]): readonly string[] =>
  shownImages(artifacts).map(({ name }) => name);

describe.each(IMAGES)('A %s', (_name, mediaType, bytes) => {
  it('has its size', () => {
    expect(imageSize(bytes, mediaType)).toEqual({ width: 5, height: 3 });
  });

  it('is none by another name, nor where its end is missing', () => {
    for (const other of ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/svg+xml', 'text/csv']) {
      expect([other, imageSize(bytes, other) !== null]).toEqual([other, other === mediaType]);
    }
    for (let length = 0; length < bytes.length - 1; length++) {
      expect([length, imageSize(bytes.subarray(0, length), mediaType)]).toEqual([length, null]);
    }
  });
});

describe('shownImages', () => {
  it('leaves out what only has the name of an image', () => {
    expect(
      namesOf([
        artifact('text.png', Buffer.from('not an image, but text of some length')),
        artifact('empty.png', Buffer.alloc(0)),
        artifact('jpeg.png', JPEG),
        artifact('real.png', PNG),
        artifact('data.csv', PNG, 'text/csv'),
      ]),
    ).toEqual(['real.png']);
  });

  it('leaves out what has no pixels, or too many in a row', () => {
    expect(
      namesOf([
        artifact('wide', png({ width: MAX_IMAGE_SIDE + 1 })),
        artifact('high', png({ height: MAX_IMAGE_SIDE + 1 })),
        artifact('flat', png({ height: 0 })),
        artifact('largest', png({ width: MAX_IMAGE_SIDE, height: MAX_IMAGE_SIDE })),
      ]),
    ).toEqual(['largest']);
  });

  it('takes so many images and no more, the last of them', () => {
    const all = Array.from({ length: MAX_IMAGES + 2 }, (_, n) => artifact(`${n}`, PNG));
    expect(namesOf(all)).toEqual(['2', '3', '4', '5', '6', '7', '8', '9']);
  });

  it('takes so many bytes of images and no more', () => {
    const largest = artifact('largest', png({ size: MAX_IMAGE_BYTES }));
    expect(namesOf([largest])).toEqual(['largest']);
    expect(largest.bytes.toString('base64').length).toBe(5 * 1024 * 1024);
    expect(namesOf([artifact('small', PNG), largest, artifact('last', PNG)])).toEqual(['small', 'last']);
  });
});
