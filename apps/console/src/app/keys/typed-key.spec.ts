import { isKey, readTypedKey } from './typed-key';

describe('a typed key', () => {
  it('loses white space around it', () => {
    expect(readTypedKey(' \tpycell_a-b_C9\n')).toEqual({ kind: 'key', key: 'pycell_a-b_C9' });
  });

  it.each([
    ['', /^Enter the key/],
    ['a b', /no spaces or line breaks/],
    ['a\u00a0b', /no spaces or line breaks/],
    ['naïve', /this one has “ï”/],
    ['key😀', /this one has “😀”/],
    ['a\u200bb', /an unseen one \(U\+200B\)/],
    ['a\u0007b', /an unseen one \(U\+0007\)/],
    ['k'.repeat(513), /513 characters/],
  ])('%j is refused with what is wrong', (typed, says) => {
    expect(readTypedKey(typed)).toEqual({ kind: 'mistake', message: expect.stringMatching(says) });
  });

  it('is not told by what is said about it', () => {
    const mistake = readTypedKey('pycell_secret é');
    expect(mistake).toEqual({ kind: 'mistake', message: expect.not.stringContaining('secret') });
  });

  it.each([
    ['pycell_a', true],
    ['', false],
    ['a b', false],
    ['a\r\nb', false],
    [7, false],
    ['k'.repeat(513), false],
  ])('%j can be sent: %s', (text, isOne) => expect(isKey(text)).toBe(isOne));
});
