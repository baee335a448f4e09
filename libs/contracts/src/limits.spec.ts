import { bodyLimitBytes, DEFAULT_LIMITS } from './limits';
import { API_PATHS } from './paths';

describe('bodyLimitBytes', () => {
  it('leaves room for a script of the permitted size with every character escaped', () => {
    const script = '😀'.repeat(DEFAULT_LIMITS.maxScriptSize);
    const escaped = Array.from(script).map((character) =>
      [...Array(character.length).keys()]
        .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
        .join(''),
    );
    const body = `{"script":"${escaped.join('')}"}`;
    expect(JSON.parse(body)).toEqual({ script });
    expect(body.length).toBeLessThanOrEqual(bodyLimitBytes(DEFAULT_LIMITS.maxScriptSize));
  });
});

describe('API_PATHS', () => {
  it('has no path that ends in z, which Cloud Run may reserve', () => {
    expect(Object.values(API_PATHS).filter((path) => path.endsWith('z'))).toEqual([]);
  });
});
