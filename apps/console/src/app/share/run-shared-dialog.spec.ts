import { TestBed } from '@angular/core/testing';
import { signal } from '@angular/core';
import type { MetadataResponse } from '@pycell/contracts';
import { METADATA } from '../../testing/metadata';
import { MetadataStore } from '../metadata/metadata-store';
import { RunCommand } from '../runs/run-command';
import { RunSharedDialog } from './run-shared-dialog';

describe('the question before a script of a link runs', () => {
  const metadata = signal<MetadataResponse | null>(null);
  let text: () => string;

  beforeEach(() => {
    metadata.set(null);
    TestBed.configureTestingModule({
      providers: [
        { provide: MetadataStore, useValue: { metadata } },
        { provide: RunCommand, useValue: {} },
      ],
    });
    const fixture = TestBed.createComponent(RunSharedDialog);
    text = () => {
      fixture.detectChanges();
      return document.querySelector('[role="dialog"]')?.textContent ?? '';
    };
  });

  it.each(['nsjail', 'nsjail-per-run', 'gvisor'] as const)(
    'speaks of the sandbox where there is one: %s',
    (isolation) => {
      metadata.set({ ...METADATA, isolation });
      expect(text()).toContain('It runs in the sandbox');
    },
  );

  it('warns of an API without isolation', () => {
    metadata.set({ ...METADATA, isolation: 'none' });
    expect(text()).toContain('This API runs scripts without isolation');
    expect(text()).not.toContain('in the sandbox');
  });

  it('promises nothing while the API has not answered, or says what the page does not know', () => {
    expect(text()).toContain('It is not known whether this API isolates scripts');
    metadata.set({ ...METADATA, isolation: 'constructor' as 'none' });
    expect(text()).toContain('It is not known whether this API isolates scripts');
    expect(text()).not.toContain('in the sandbox');
  });
});
