import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { DEFAULT_LIMITS, type MetadataResponse } from '@pycell/contracts';
import { ApiClient } from '../api/api-client';
import type { MetadataOutcome } from '../api/run-outcome';
import { METADATA } from '../../testing/metadata';
import { ApiAddress } from '../address/api-address';
import { KeyStore } from '../keys/key-store';
import { MetadataStore } from './metadata-store';

const STRICTER: MetadataResponse = { ...METADATA, limits: { ...DEFAULT_LIMITS, maxScriptSize: 5_000 } };
const GONE: MetadataOutcome = { kind: 'unreachable', apiUrl: '/api', reason: 'gateway', detail: '' };

describe('MetadataStore', () => {
  const address = signal<string | null>(null);
  const asked: ((outcome: MetadataOutcome) => void)[] = [];
  let store: MetadataStore;

  beforeEach(() => {
    sessionStorage.clear();
    asked.length = 0;
    address.set('/api');
    const client = { metadata: () => new Promise((resolve) => asked.push(resolve)) };
    TestBed.configureTestingModule({
      providers: [
        { provide: ApiClient, useValue: client },
        { provide: ApiAddress, useValue: { current: address } },
      ],
    });
    store = TestBed.inject(MetadataStore);
    TestBed.tick();
  });

  async function answer(outcome: MetadataOutcome): Promise<void> {
    asked.at(-1)?.(outcome);
    await new Promise((resolve) => setTimeout(resolve));
  }

  const described = (metadata: MetadataResponse): MetadataOutcome => ({
    kind: 'described',
    metadata,
    apiUrl: '/api',
  });

  it('asks as soon as the address is known', async () => {
    expect(store.state().kind).toBe('asking');
    await answer(described(METADATA));
    expect(store.metadata()).toBe(METADATA);
  });

  it('knows nothing of another address until that has answered', async () => {
    await answer(described(STRICTER));
    address.set('http://other.example');
    TestBed.tick();
    expect(store.state()).toEqual({ kind: 'asking' });
    expect(store.limits()).toBe(DEFAULT_LIMITS);
    expect(asked).toHaveLength(2);
    await answer(described(METADATA));
    expect(store.metadata()).toBe(METADATA);
  });

  it('asks again with another key, and keeps what it knows until the answer', async () => {
    await answer(described(METADATA));
    TestBed.inject(KeyStore).keep('/api', 'k');
    TestBed.tick();
    expect(asked).toHaveLength(2);
    expect(store.metadata()).toBe(METADATA);
    await answer(described(STRICTER));
    expect(store.limits().maxScriptSize).toBe(5_000);
  });

  it('tells that an API wants a key, and keeps the limits that it had', async () => {
    await answer(described(STRICTER));
    void store.refresh();
    const refusal = { apiUrl: '/api', code: 'FORBIDDEN', message: 'off', hadKey: true } as const;
    await answer({ kind: 'locked', refusal });
    expect(store.state()).toEqual({ kind: 'locked', refusal });
    expect(store.metadata()).toBeNull();
    expect(store.limits().maxScriptSize).toBe(5_000);
  });

  it('keeps the limits of an API that is away for a while, and says that it is away', async () => {
    await answer(described(STRICTER));
    void store.refresh();
    expect(store.metadata()).toBe(STRICTER);
    await answer(GONE);
    expect(store.state()).toBe(GONE);
    expect(store.metadata()).toBeNull();
    expect(store.limits().maxScriptSize).toBe(5_000);
  });
});
