import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { DEFAULT_LIMITS } from '@pycell/contracts';
import { TextEncoder } from 'node:util';
import { METADATA } from '../../testing/metadata';
import { MetadataStore } from '../metadata/metadata-store';
import { PLAIN_SETUP } from '../script/run-setup';
import { SetupStore } from '../script/setup-store';
import { RunPreparation } from './run-preparation';
import { SignatureStore } from './signature/signature-store';
import type { Signature } from './values/input-field';

const FIELD = {
  name: 'city',
  kind: 'text',
  isRequired: true,
  isNullable: false,
  options: [],
  defaultJson: null,
  description: '',
} as const;
const FILE = { id: '1', name: 'a.csv', sizeBytes: 1, content: { text: 'a' } };

describe('RunPreparation', () => {
  const signature = signal<Signature | null>(null);
  const takesFiles = signal(true);
  const preparation = (): RunPreparation => TestBed.inject(RunPreparation);
  const setup = (): SetupStore => TestBed.inject(SetupStore);
  const messages = (): readonly string[] =>
    preparation()
      .problems()
      .map(({ message }) => message);

  beforeEach(() => {
    Object.assign(globalThis, { TextEncoder });
    localStorage.clear();
    sessionStorage.clear();
    signature.set({ fields: [FIELD], takesMore: false, doc: '' });
    takesFiles.set(true);
    const metadata = { metadata: signal(METADATA), limits: signal(DEFAULT_LIMITS), takesFiles };
    TestBed.configureTestingModule({
      providers: [
        { provide: SignatureStore, useValue: { signature } },
        { provide: MetadataStore, useValue: metadata },
      ],
    });
  });

  it('prepares everything that goes along', () => {
    const entries = { city: { kind: 'text', text: 'Oslo' } } as const;
    setup().change({
      inputs: { view: 'form', entries, json: '' },
      stdin: 'x',
      files: [FILE],
      limits: { timeoutMs: 5 },
    });
    expect(preparation().prepare('s')?.request).toEqual({
      script: 's',
      mode: 'function',
      inputs: '{"city":"Oslo"}',
      stdin: 'x',
      files: [{ name: 'a.csv', text: 'a' }],
      limits: { timeoutMs: 5 },
    });
    expect(preparation().isRefused()).toBe(false);
  });

  it('sends nothing while something is missing, and says so until it is mended', () => {
    expect(preparation().isRefused()).toBe(false);
    expect(preparation().prepare('s')).toBeNull();
    expect(preparation().refusals()).toBe(1);
    expect(preparation().isRefused()).toBe(true);
    expect(preparation().problems()).toEqual([{ control: 'input:city', message: 'city is missing' }]);
    setup().change({ inputs: { view: 'json', entries: {}, json: '{"city": 1.0}' } });
    expect(preparation().isRefused()).toBe(false);
    expect(preparation().prepare('s')?.request.inputs).toBe('{"city": 1.0}');
  });

  it('finds fault with inputs, files and limits beyond those of the service', () => {
    signature.set(null);
    const json = JSON.stringify({ x: 'é'.repeat(600_000) });
    setup().change({
      inputs: { view: 'json', entries: {}, json },
      files: [
        { ...FILE, content: null },
        { ...FILE, id: '2', name: '../x' },
      ],
      limits: { timeoutMs: 60_000, memoryMb: Number.NaN },
    });
    expect(messages()).toEqual([
      'The inputs take 1.14 MB, the limit is 1 MB: attach what is large as a file',
      'a.csv is not here any more: attach it again, or remove it',
      '../x must be a path without ., .. and empty steps',
      'The time must be from 1 to 10,000 ms',
      'The memory must be from 32 to 512 MB',
    ]);
  });

  it('leaves files to no service that takes none', () => {
    takesFiles.set(false);
    setup().load({ ...PLAIN_SETUP, files: [FILE] });
    signature.set(null);
    expect(messages()).toEqual(['This API takes no files with a script: remove them']);
  });
});
