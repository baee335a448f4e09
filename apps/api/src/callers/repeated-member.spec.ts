import { findRepeatedMember, type RepeatedMember } from './repeated-member';

function find(text: string): { found: RepeatedMember | null; pauses: number } {
  JSON.parse(text);
  const search = findRepeatedMember(text);
  for (let pauses = 0; ; pauses++) {
    const step = search.next();
    if (step.done) {
      return { found: step.value, pauses };
    }
  }
}

describe('findRepeatedMember', () => {
  it.each([
    ['{"a": 1, "a": 1}', 'a', 1],
    ['{"a": {"b": 1},\n "c": [],\n "a" \t\r\n : 2}', 'a', 3],
    ['[{"x": {"b": [{}], "c": "}", "b": 1}}]', 'b', 1],
    ['{"disabled": true, "\\u0064isabled": false}', 'disabled', 1],
    ['{"": 1, "": 2}', '', 1],
    ['{"__proto__": 1, "__proto__": 2}', '__proto__', 1],
    ['{"\\"": 1, "\\\\": 2, "\\\\": 3}', '\\', 1],
  ])('finds the one of %s', (text, name, line) => {
    expect(find(text).found).toEqual({ name, line });
  });

  it.each([
    '{}',
    '"a"',
    '{"a": {"a": {"a": ["a", "a", {"a": "a"}]}}, "b": {"a": 1}}',
    '[{"a": 1}, {"a": 1}]',
    '{"a": "\\"a\\": 1, \\"a\\": {", "b": "\\\\", "c": "\\\\\\""}',
    '{"a": "b", "b": "a:", "A": "\\u007b"}',
  ])('finds none in %s', (text) => {
    expect(find(text).found).toBeNull();
  });

  it('pauses in a long text, and is done with it soon', () => {
    const entries = Array.from({ length: 10_000 }, (_, n) => ({ name: `n${n}`, sha256: ['0'.repeat(700)] }));
    const since = performance.now();
    const { found, pauses } = find(JSON.stringify({ keys: entries }));
    expect(found).toBeNull();
    expect(pauses).toBeGreaterThan(20);
    expect(performance.now() - since).toBeLessThan(5_000);
  });
});
