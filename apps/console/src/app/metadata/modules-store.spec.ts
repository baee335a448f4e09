import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { MetadataResponse } from '@pycell/contracts';
import { METADATA } from '../../testing/metadata';
import { ApiAddress } from '../address/api-address';
import { ApiClient } from '../api/api-client';
import { MetadataStore } from './metadata-store';
import { ModulesStore } from './modules-store';

describe('ModulesStore', () => {
  const metadata = signal<MetadataResponse | null>(null);
  const current = signal<string | null>('/api');
  const modules = jest.fn<Promise<readonly string[] | null>, [AbortSignal]>();

  async function settled(): Promise<readonly string[]> {
    const store = TestBed.inject(ModulesStore);
    TestBed.tick();
    await Promise.resolve();
    return store.modules();
  }

  beforeEach(() => {
    metadata.set(null);
    current.set('/api');
    modules.mockReset().mockResolvedValue(['json', 'math']);
    TestBed.configureTestingModule({
      providers: [
        { provide: ApiClient, useValue: { modules } },
        { provide: ApiAddress, useValue: { current } },
        { provide: MetadataStore, useValue: { metadata } },
      ],
    });
  });

  it('asks a service once that has said what it is', async () => {
    expect(await settled()).toEqual([]);
    expect(modules).not.toHaveBeenCalled();
    metadata.set(METADATA);
    expect(await settled()).toEqual(['json', 'math']);
    metadata.set({ ...METADATA });
    await settled();
    expect(modules).toHaveBeenCalledTimes(1);
  });

  it('asks another service for its own, and has none of one that does not say', async () => {
    metadata.set(METADATA);
    await settled();
    modules.mockResolvedValue(null);
    current.set('http://other.example');
    expect(await settled()).toEqual([]);
    expect(modules.mock.calls[0]?.[0].aborted).toBe(true);
  });
});
