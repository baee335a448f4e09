import type { Artifact } from '@pycell/contracts';
import { TextDecoder } from 'node:util';
import { imageSource, isTable, isTextual, textOf } from './artifact-content';
import { savedName, shownName } from './artifact-names';

Object.assign(globalThis, { TextDecoder });

function artifact(mediaType: string, content = ''): Artifact {
  const base64 = Buffer.from(content).toString('base64');
  return { name: 'a', mediaType, sizeBytes: content.length, base64 };
}

describe('the name of a file that a script left', () => {
  it.each([
    ['figure-1.png', 'figure-1.png'],
    ['evil\u202egpj.exe', 'evil\\u{202e}gpj.exe'],
    ['a\u2066b\u2069\u200f', 'a\\u{2066}b\\u{2069}\\u{200f}'],
    ['a\nb\u0000\u2028', 'a\\u{a}b\\u{0}\\u{2028}'],
    ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
    ['Grüße 世界 😀.txt', 'Grüße 世界 😀.txt'],
  ])('%j is shown so that nothing in it is unseen', (name, shown) => {
    expect(shownName(name)).toBe(shown);
  });

  it.each([
    ['data/report.csv', 'report.csv'],
    ['..\\..\\x', 'x'],
    ['../.bashrc', 'bashrc'],
    ['evil\u202egpj.exe', 'evilgpj.exe'],
    ['..', 'file'],
    ['', 'file'],
  ])('%j is saved as %j', (name, saved) => {
    expect(savedName(name)).toBe(saved);
  });
});

describe('a file that a script left', () => {
  it('is an image where it is of a type that browsers draw, and of no other', () => {
    expect(imageSource(artifact('image/svg+xml', '<svg/>'))).toBe('data:image/svg+xml;base64,PHN2Zy8+');
    expect(imageSource(artifact('image/png', 'x'))).toBe('data:image/png;base64,eA==');
    for (const other of ['text/html', 'image/svg+xml;x', 'image/tiff', 'constructor', 'IMAGE/PNG']) {
      expect(imageSource(artifact(other))).toBeNull();
    }
  });

  it('is looked into where it is a text, and as a table where it is one', () => {
    expect(isTextual(artifact('text/plain'))).toBe(true);
    expect(isTextual(artifact('application/json'))).toBe(true);
    expect(isTextual(artifact('application/octet-stream'))).toBe(false);
    expect(isTable(artifact('text/csv'))).toBe(true);
    expect(isTable(artifact('text/plain'))).toBe(false);
    expect(textOf(artifact('text/plain', 'Grüße'))).toBe('Grüße');
    expect(textOf({ ...artifact('text/plain'), base64: '*' })).toBe('');
  });
});
