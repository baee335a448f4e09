import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { DEFAULT_LIMITS, type MetadataResponse } from '@pycell/contracts';
import { METADATA } from '../../../testing/metadata';
import { ApiAddress } from '../../address/api-address';
import { ApiClient } from '../../api/api-client';
import type { ValidateOutcome } from '../../api/validate-outcome';
import { KeyPrompt } from '../../keys/key-prompt';
import { KeyStore } from '../../keys/key-store';
import { MetadataStore } from '../../metadata/metadata-store';
import { PLAIN_SETUP } from '../../script/run-setup';
import { ScriptStore } from '../../script/script-store';
import { SetupStore } from '../../script/setup-store';
import { SignatureStore } from './signature-store';

function validated(...names: readonly string[]): ValidateOutcome {
  const properties = Object.fromEntries(names.map((name) => [name, {}]));
  const parameters = { type: 'object', properties, required: names, additionalProperties: false } as const;
  return {
    kind: 'validated',
    answer: {
      valid: true,
      violations: [],
      syntaxError: null,
      imports: { known: [], missing: [] },
      main: { async: false, doc: null, parameters },
    },
    parametersJson: JSON.stringify(parameters),
  };
}

const BROKEN: ValidateOutcome = {
  kind: 'validated',
  answer: {
    valid: false,
    violations: [],
    syntaxError: { error: 'SyntaxError' },
    imports: { known: [], missing: [] },
    main: null,
  },
  parametersJson: null,
};

describe('SignatureStore', () => {
  const metadata = signal<MetadataResponse | null>(METADATA);
  const validate = jest.fn<Promise<ValidateOutcome>, [{ script: string }, AbortSignal]>();
  let store: SignatureStore;

  const names = (): readonly string[] | undefined => store.signature()?.fields.map(({ name }) => name);
  const asked = (): readonly string[] => validate.mock.calls.map(([{ script }]) => script);
  async function write(text: string, pauseMs = 500): Promise<void> {
    TestBed.inject(ScriptStore).edit(text);
    await settle(pauseMs);
  }
  async function settle(pauseMs = 500): Promise<void> {
    TestBed.tick();
    await jest.advanceTimersByTimeAsync(pauseMs);
  }

  beforeEach(async () => {
    jest.useFakeTimers();
    localStorage.clear();
    sessionStorage.clear();
    metadata.set(METADATA);
    validate.mockReset().mockResolvedValue(validated('city'));
    TestBed.configureTestingModule({
      providers: [
        { provide: ApiClient, useValue: { validate } },
        { provide: ApiAddress, useValue: { current: signal('/api') } },
        { provide: MetadataStore, useValue: { metadata, limits: signal(DEFAULT_LIMITS) } },
      ],
    });
    store = TestBed.inject(SignatureStore);
    await settle();
    validate.mockClear();
  });

  afterEach(() => jest.useRealTimers());

  it('asks when typing has stopped, once for a text', async () => {
    await write('a', 100);
    await write('ab', 100);
    await write('abc', 399);
    expect(asked()).toEqual([]);
    await settle(1);
    expect(asked()).toEqual(['abc']);
    expect(names()).toEqual(['city']);
    await write('abcd', 100);
    await write('abc');
    expect(asked()).toEqual(['abc']);
  });

  it('has one question in flight: a newer text gives up the one before', async () => {
    validate.mockImplementationOnce(() => new Promise(() => undefined));
    await write('first');
    validate.mockResolvedValue(validated('second'));
    await write('second');
    expect(validate.mock.calls[0]?.[1].aborted).toBe(true);
    expect(validate.mock.calls[1]?.[1].aborted).toBe(false);
    expect(names()).toEqual(['second']);
  });

  it('keeps the form while a line is half written', async () => {
    await write('whole');
    validate.mockResolvedValue(BROKEN);
    await write('half');
    expect(names()).toEqual(['city']);
  });

  it('asks a service that does not know the question once', async () => {
    validate.mockResolvedValue({ kind: 'unsupported' });
    await write('a');
    await write('b');
    expect(asked()).toEqual(['a']);
    expect(store.signature()).toBeNull();
    validate.mockResolvedValue(validated('city'));
    metadata.set({ ...METADATA, version: '0.3.0' });
    await settle();
    expect(asked()).toEqual(['a', 'b']);
    expect(names()).toEqual(['city']);
  });

  it('asks a service again that was busy', async () => {
    validate.mockResolvedValueOnce({ kind: 'unanswered', retryAfterSeconds: null });
    await write('a');
    await settle(3_000);
    expect(asked()).toEqual(['a', 'a']);
    expect(names()).toEqual(['city']);
  });

  it('does not ask a service again before the time that it has said, whatever is typed', async () => {
    validate.mockResolvedValueOnce({ kind: 'unanswered', retryAfterSeconds: 20 });
    await write('a');
    await write('ab', 10_000);
    expect(asked()).toEqual(['a']);
    await settle(10_000);
    expect(asked()).toEqual(['a', 'ab']);
    expect(names()).toEqual(['city']);
  });

  it('asks nothing while the service wants a key, and asks when it has one', async () => {
    const refusal = { apiUrl: '/api', code: 'UNAUTHENTICATED', message: '', hadKey: false } as const;
    validate.mockImplementationOnce(() => {
      TestBed.inject(KeyPrompt).noteRefusal(refusal, null);
      return Promise.resolve({ kind: 'locked' });
    });
    await write('a');
    await write('ab', 30_000);
    expect(asked()).toEqual(['a']);
    TestBed.inject(KeyStore).keep('/api', 'k');
    await settle();
    expect(asked()).toEqual(['a', 'ab']);
    expect(names()).toEqual(['city']);
  });

  it('does not ask again about a script that is not taken', async () => {
    validate.mockResolvedValue({ kind: 'refused' });
    await write('a');
    await settle(10_000);
    expect(asked()).toEqual(['a']);
    expect(store.signature()).toBeNull();
  });

  it('asks nobody while the service does not answer, nor about a program, nothing, or too much', async () => {
    metadata.set(null);
    await write('a');
    metadata.set(METADATA);
    TestBed.inject(SetupStore).change({ mode: 'script' });
    await write('b');
    TestBed.inject(SetupStore).change({ mode: 'function' });
    await write(' ');
    await write('x'.repeat(DEFAULT_LIMITS.maxScriptSize + 1));
    expect(asked()).toEqual([]);
  });

  it('knows nothing of another script that was loaded, before it is told', async () => {
    await write('a');
    TestBed.inject(ScriptStore).load('b');
    TestBed.inject(SetupStore).load(PLAIN_SETUP);
    expect(store.signature()).toBeNull();
    await settle();
    expect(names()).toEqual(['city']);
    expect(asked()).toEqual(['a', 'b']);
  });
});
