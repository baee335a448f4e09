import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { DEFAULT_LIMITS } from '@pycell/contracts';
import { TextDecoder } from 'node:util';
import { MetadataStore } from '../../metadata/metadata-store';
import { SetupStore } from '../../script/setup-store';
import { FileAttachment } from './file-attachment';

const MIB = 1024 * 1024;

/** A file of the user's machine. */
function file(name: string, content: string | readonly number[], size?: number): File {
  const bytes = typeof content === 'string' ? Buffer.from(content) : Buffer.from(content);
  return {
    name,
    webkitRelativePath: '',
    size: size ?? bytes.length,
    arrayBuffer: () => Promise.resolve(new Uint8Array(bytes).buffer),
  } as unknown as File;
}

describe('FileAttachment', () => {
  const takesFiles = signal(true);
  const files = (): readonly { name: string; content: unknown }[] =>
    TestBed.inject(SetupStore)
      .files()
      .map(({ name, content }) => ({ name, content }));
  const attachment = (): FileAttachment => TestBed.inject(FileAttachment);

  beforeEach(() => {
    Object.assign(globalThis, { TextDecoder });
    localStorage.clear();
    sessionStorage.clear();
    takesFiles.set(true);
    const limits = { ...DEFAULT_LIMITS, maxFiles: 2, tmpSizeMb: 1 };
    const metadata = { takesFiles, isKnown: signal(true), limits: signal(limits) };
    TestBed.configureTestingModule({ providers: [{ provide: MetadataStore, useValue: metadata }] });
  });

  it('takes text as text, a mark at its beginning too, and the rest as base64', async () => {
    await attachment().attach([file('a.txt', '\ufeffGrüße\r\n'), file('b.bin', [0xff, 0, 1])]);
    expect(files()).toEqual([
      { name: 'a.txt', content: { text: '\ufeffGrüße\r\n' } },
      { name: 'b.bin', content: { base64: '/wAB' } },
    ]);
    expect(attachment().notice()).toBe('Attached 2 files.');
  });

  it('makes of large binary files what any decoder reads', async () => {
    const bytes = Array.from({ length: 100_001 }, (_, at) => (at * 31) % 256);
    await attachment().attach([file('b.bin', bytes)]);
    const { base64 = '' } = files()[0]?.content as { base64?: string };
    expect(Buffer.from(base64, 'base64').equals(Buffer.from(bytes))).toBe(true);
  });

  it('replaces a file of the same name, whose content has another id', async () => {
    await attachment().attach([file('a', 'x')]);
    const [before] = TestBed.inject(SetupStore).files();
    await attachment().attach([file('a', 'y')]);
    const [after, ...others] = TestBed.inject(SetupStore).files();
    expect(others).toEqual([]);
    expect(after?.content).toEqual({ text: 'y' });
    expect(after?.id).not.toBe(before?.id);
  });

  it('refuses too many files and too large ones with a sentence, before it reads them', async () => {
    await attachment().attach([file('a', ''), file('b', ''), file('c', '')]);
    expect(attachment().notice()).toBe(
      'A run takes at most 2 files, and these would be 3. Nothing was attached.',
    );
    await attachment().attach([file('a', '', 2 * MIB)]);
    expect(attachment().notice()).toBe(
      'A run has 1 MB for its files, and these would take 2 MB. Nothing was attached.',
    );
    expect(files()).toEqual([]);
  });

  it('says that a service takes none', async () => {
    takesFiles.set(false);
    await attachment().attach([file('a', '')]);
    expect(attachment().notice()).toBe('This API takes no files with a script.');
    expect(files()).toEqual([]);
  });

  it('says what could not be read', async () => {
    const folder = Object.assign(file('a', ''), {
      arrayBuffer: () => Promise.reject(new DOMException('', 'NotFoundError')),
    });
    await attachment().attach([folder]);
    expect(attachment().notice()).toMatch(/^It could not be read/);
    expect(files()).toEqual([]);
  });
});
