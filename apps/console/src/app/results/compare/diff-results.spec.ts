import { diffResults, MAX_CHANGES } from './diff-results';

function told(before: string, after: string): string[] {
  return diffResults(before, after).changes.map(
    ({ kind, path, before: was, after: is }) => `${kind} ${path}: ${was ?? ''} -> ${is ?? ''}`,
  );
}

describe('diffResults', () => {
  it('finds nothing where only spaces and the order of keys differ', () => {
    expect(told('{"a": 1, "b": [1, 2]}', '{"b":[1,2],"a":1}')).toEqual([]);
  });

  it('tells what was added, removed and changed, by path', () => {
    expect(told('{"a": 1, "b": {"c": "x"}, "d": 0}', '{"a": 2, "b": {"c": "x", "e": null}}')).toEqual([
      'changed result["a"]: 1 -> 2',
      'added result["b"]["e"]:  -> null',
      'removed result["d"]: 0 -> ',
    ]);
  });

  it('finds the elements of a list again behind one that is new', () => {
    expect(told('[1, 2, 3, 4]', '[0, 1, 2, 3, 4]')).toEqual(['added result[0]:  -> 0']);
    expect(told('["a", "b", "c", "d"]', '["a", "x", "c"]')).toEqual([
      'changed result[1]: "b" -> "x"',
      'removed result[3]: "d" -> ',
    ]);
  });

  it('goes into records whose place in the list is the same', () => {
    expect(told('[{"n": 1, "v": 1}, {"n": 2, "v": 2}]', '[{"n": 1, "v": 1}, {"n": 2, "v": 3}]')).toEqual([
      'changed result[1]["v"]: 2 -> 3',
    ]);
  });

  it('takes numbers that are written differently as different, and texts by what they say', () => {
    expect(told('[1, 9007199254740993, "\\u00e9"]', '[1.0, 9007199254740992, "é"]')).toEqual([
      'changed result[0]: 1 -> 1.0',
      'changed result[1]: 9007199254740993 -> 9007199254740992',
    ]);
  });

  it('compares texts that are no JSON as a whole', () => {
    expect(told('oh', '1')).toEqual(['changed result: oh -> 1']);
  });

  it('counts every change and keeps as many as a user can look at', () => {
    const numbers = (from: number): string =>
      JSON.stringify(Array.from({ length: 2_000 }, (_, i) => from + i));
    const difference = diffResults(numbers(0), numbers(10_000));
    expect(difference.changed).toBe(2_000);
    expect(difference.changes).toHaveLength(MAX_CHANGES);
  });
});
