import { goldenRequests } from '../door/golden.contract';
import { difyRequestOf, problemOfLanguage } from './dify-request';

const RUNS = goldenRequests(__dirname).filter(({ method }) => method === 'POST');

describe('What Dify sends', () => {
  it.each(RUNS.filter(({ body }) => body['language'] === 'python3').map((golden) => [golden.file, golden]))(
    'is one program, as it is: %s',
    (_file, { body }) => {
      expect(difyRequestOf(body)).toEqual({ script: body['code'], mode: 'script' });
    },
  );

  it('is refused in another language than Python, which is named', () => {
    expect(difyRequestOf({ language: 'nodejs', code: 'x' })).toBe(
      'unsupported language "nodejs": this sandbox runs "python3" only',
    );
    expect(difyRequestOf({ language: 'x'.repeat(5000), code: 'x' })).toHaveLength(123);
    expect(problemOfLanguage(undefined)).toMatch(/^language is missing/);
  });

  it.each([[undefined], [''], [5], [null], [['print(1)']]])('is refused with %p in the place of its code', (code) => {
    expect(difyRequestOf({ language: 'python3', code })).toMatch(/^code is missing/);
  });
});
