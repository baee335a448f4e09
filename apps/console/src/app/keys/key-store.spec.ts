import { TestBed } from '@angular/core/testing';
import { KeyStore } from './key-store';

const KEPT = 'pycell.keys';

describe('KeyStore', () => {
  /** As in a page that was loaded again. */
  function storeOf(): KeyStore {
    TestBed.resetTestingModule();
    return TestBed.inject(KeyStore);
  }

  beforeEach(() => {
    localStorage.clear();
    sessionStorage.clear();
  });

  afterEach(() => jest.restoreAllMocks());

  it('has a key for the address that it was entered for, however that is written', () => {
    const store = storeOf();
    store.keep('/api', 'k1');
    expect(store.keyFor('/api')).toBe('k1');
    expect(store.keyFor('http://localhost/api/')).toBe('k1');
  });

  it.each([
    'http://localhost',
    'http://localhost/api/v2',
    'http://localhost/apis',
    'http://localhost:8080/api',
    'https://localhost/api',
    'http://localhost.example.org/api',
    'ftp://localhost/api',
    '__proto__',
    '',
  ])('has none for %s', (apiUrl) => {
    const store = storeOf();
    store.keep('/api', 'k1');
    expect(store.keyFor(apiUrl)).toBeNull();
  });

  it('keeps keys in the tab alone, over a reload', () => {
    storeOf().keep('/api', 'k1');
    expect(storeOf().keyFor('/api')).toBe('k1');
    expect(localStorage).toHaveLength(0);
  });

  it('forgets the key of one address, and leaves nothing behind', () => {
    const store = storeOf();
    store.keep('/api', 'k1');
    store.keep('https://other.example', 'k2');
    store.forget('/api');
    expect(store.keyFor('/api')).toBeNull();
    expect(storeOf().keyFor('https://other.example')).toBe('k2');
    store.forget('https://other.example');
    expect(sessionStorage.getItem(KEPT)).toBeNull();
  });

  it('tells by a number that a key is another one', () => {
    const store = storeOf();
    const before = store.changes();
    store.keep('/api', 'k1');
    store.forget('/api');
    expect(store.changes()).toBe(before + 2);
  });

  it.each([
    'no JSON',
    'null',
    '7',
    '{"http://localhost/api":7}',
    '{"http://localhost/api":"a\\r\\nb"}',
    '["k"]',
  ])('takes %s in the storage for no key', (text) => {
    sessionStorage.setItem(KEPT, text);
    expect(storeOf().keyFor('/api')).toBeNull();
  });

  it('knows a key until the page goes where the browser keeps nothing', () => {
    jest.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new DOMException('blocked', 'SecurityError');
    });
    const store = storeOf();
    store.keep('/api', 'k1');
    expect(store.keyFor('/api')).toBe('k1');
  });
});
