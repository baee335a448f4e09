import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { ApiAddress } from '../address/api-address';
import { KeyPrompt } from './key-prompt';
import type { KeyRefusal } from './key-refusal';
import { KeyStore } from './key-store';

const WANTED: KeyRefusal = { apiUrl: '/api', code: 'UNAUTHENTICATED', message: 'No key', hadKey: false };

describe('KeyPrompt', () => {
  const address = signal<string | null>('/api');
  let prompt: KeyPrompt;
  let keys: KeyStore;

  beforeEach(() => {
    sessionStorage.clear();
    address.set('/api');
    TestBed.configureTestingModule({ providers: [{ provide: ApiAddress, useValue: { current: address } }] });
    prompt = TestBed.inject(KeyPrompt);
    keys = TestBed.inject(KeyStore);
  });

  it('knows what the API in force wants, until it takes a request', () => {
    prompt.noteRefusal(WANTED, null);
    expect(prompt.refusal()).toEqual(WANTED);
    prompt.noteAcceptance('http://other.example');
    expect(prompt.refusal()).toEqual(WANTED);
    prompt.noteAcceptance('/api');
    expect(prompt.refusal()).toBeNull();
  });

  it('knows nothing of another address, nor of another key', () => {
    prompt.noteRefusal(WANTED, null);
    address.set('http://other.example');
    expect(prompt.refusal()).toBeNull();
    address.set('/api');
    expect(prompt.refusal()).toEqual(WANTED);
    keys.keep('/api', 'k');
    expect(prompt.refusal()).toBeNull();
  });

  it('does not hold an answer against a key that was entered while it was on its way', () => {
    keys.keep('/api', 'k');
    prompt.noteRefusal(WANTED, null);
    expect(prompt.refusal()).toBeNull();
    prompt.noteRefusal({ ...WANTED, hadKey: true }, 'k');
    expect(prompt.refusal()?.hadKey).toBe(true);
  });

  it('asks for nothing where nothing is wanted', async () => {
    expect(await prompt.ask()).toBe(false);
    expect(prompt.asked()).toBeNull();
  });

  it.each([true, false])('asks once for all who need it, and tells each of them: %s', async (isEntered) => {
    prompt.noteRefusal(WANTED, null);
    const both = [prompt.ask(), prompt.ask(new AbortController().signal)];
    expect(prompt.asked()).toEqual(WANTED);
    prompt.answer(isEntered);
    expect(await Promise.all(both)).toEqual([isEntered, isEntered]);
    expect(prompt.asked()).toBeNull();
  });

  it('takes a question back that its run no longer needs', async () => {
    prompt.noteRefusal(WANTED, null);
    const run = new AbortController();
    const asking = prompt.ask(run.signal);
    run.abort();
    expect(await asking).toBe(false);
    expect(prompt.asked()).toBeNull();
    expect(await prompt.ask(run.signal)).toBe(false);
  });
});
