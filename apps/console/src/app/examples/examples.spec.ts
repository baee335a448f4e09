import { DEFAULT_LIMITS } from '@pycell/contracts';
import { EXAMPLES } from './examples';

const examples = EXAMPLES.flatMap((group) => group.examples);

describe('the examples', () => {
  it('have names of their own', () => {
    expect(new Set(examples.map(({ id }) => id)).size).toBe(examples.length);
    expect(new Set(examples.map(({ title }) => title)).size).toBe(examples.length);
  });

  it.each(examples)('explain $title in one sentence', ({ sentence }) => {
    expect(sentence).toMatch(/^[A-Z][^.!?]*\.$/);
  });

  it.each(examples)('have a script for $title that says what it is and can be run', ({ script }) => {
    expect(script).toMatch(/^# \w/);
    expect(script).toMatch(/^def main\(/m);
    expect(script.endsWith('\n')).toBe(true);
    expect(script.length).toBeLessThan(DEFAULT_LIMITS.maxScriptSize);
  });
});
