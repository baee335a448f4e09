import { bodyLimitBytes, DEFAULT_LIMITS, FIXED_LIMITS, scriptBodyLimitBytes } from './limits';
import { API_PATHS } from './paths';

describe('scriptBodyLimitBytes', () => {
  it('leaves room for a script of the permitted size with every character escaped', () => {
    const script = '😀'.repeat(DEFAULT_LIMITS.maxScriptSize);
    const escaped = Array.from(script).map((character) =>
      [...Array(character.length).keys()]
        .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
        .join(''),
    );
    const body = `{"script":"${escaped.join('')}"}`;
    expect(JSON.parse(body)).toEqual({ script });
    expect(body.length).toBeLessThanOrEqual(scriptBodyLimitBytes(DEFAULT_LIMITS.maxScriptSize));
  });
});

describe('bodyLimitBytes', () => {
  const limits = { maxScriptSize: 2, tmpSizeMb: 1, maxInputsBytes: 10, maxFiles: 3 };
  const name = (index: number): string => '\\u0061'.repeat(FIXED_LIMITS.fileNameBytes - 1) + String(index);
  const bodyOf = (content: string, count: number): string =>
    `{"script":"${'\\ud83d\\ude00'.repeat(2)}","inputs":{"a":"bcd"},"files":[${Array.from(
      { length: count },
      (_, index) => `{"name":"${name(index)}",${content}}`,
    ).join(',')}]}`;

  it.each([
    ['escaped text', `"text":"${'\\u00e9'.repeat(2 ** 19)}"`, 1],
    ['base64', `"base64":"${Buffer.alloc(2 ** 20).toString('base64')}"`, 1],
    ['many small files', '"base64":"AA=="', 3],
  ])('leaves room for files of all that /tmp may hold: %s', (_what, content, count) => {
    const body = bodyOf(content, count);
    expect(() => JSON.parse(body) as unknown).not.toThrow();
    expect(body.length).toBeLessThanOrEqual(bodyLimitBytes(limits));
  });
});

describe('API_PATHS', () => {
  it('has no path that ends in z, which Cloud Run may reserve', () => {
    expect(Object.values(API_PATHS).filter((path) => path.endsWith('z'))).toEqual([]);
  });
});
