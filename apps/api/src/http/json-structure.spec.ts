import { checkJsonStructure, verifyJsonBody } from './json-structure';

describe('checkJsonStructure', () => {
  it('counts what is outside of strings', () => {
    expect(() =>
      checkJsonStructure(Buffer.from(JSON.stringify({ script: '[{,\\"'.repeat(20_000) }))),
    ).not.toThrow();
    expect(() =>
      checkJsonStructure(Buffer.from(JSON.stringify(['"\\', ...Array<number>(900).fill(1)]))),
    ).not.toThrow();
    for (const body of ['['.repeat(1_001), `[${'{},'.repeat(600)}]`, `["\\"",${'1,'.repeat(1_001)}1]`]) {
      expect(() => checkJsonStructure(Buffer.from(body))).toThrow(/more than 1000 /);
    }
  });
});

describe('verifyJsonBody', () => {
  it.each(['utf-16', 'utf-16le', 'utf-16be', 'utf-7', 'utf-7-imap', 'utf-32', 'utf-32le', 'utf-8x'])(
    'reads nothing in %s',
    (charset) => {
      expect(() => verifyJsonBody(null, null, Buffer.from('{}'), charset)).toThrow(
        expect.objectContaining({ type: 'charset.unsupported', status: 415 }) as Error,
      );
    },
  );

  it.each([
    ['Latin-1', Buffer.from('{"script":"é"}', 'latin1')],
    ['half of a character', Buffer.from('{"script":"é"}').subarray(0, 12)],
    ['a surrogate', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
  ])('reads nothing that is no UTF-8: %s', (_what, body) => {
    expect(() => verifyJsonBody(null, null, body, 'utf-8')).toThrow(
      expect.objectContaining({ type: 'entity.encoding' }) as Error,
    );
  });

  it('counts the structure of UTF-8', () => {
    expect(() => verifyJsonBody(null, null, Buffer.from('{"script":"é"}'), 'utf-8')).not.toThrow();
    expect(() => verifyJsonBody(null, null, Buffer.from('['.repeat(20_000)), 'utf-8')).toThrow(/more than/);
  });
});
