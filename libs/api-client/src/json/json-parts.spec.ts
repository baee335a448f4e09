import { itemsOf, memberOf, membersOf } from './json-parts';

describe('the parts of a JSON text', () => {
  it('are the members of an object as they were written, in their order', () => {
    const json = ' {"b": 1.0, "1" : 1180591620717411303424,"a\\"\\u0062":[1,{"x":"]}"}] , "n":null}';
    expect(membersOf(json)).toEqual([
      { name: 'b', json: '1.0' },
      { name: '1', json: '1180591620717411303424' },
      { name: 'a"b', json: '[1,{"x":"]}"}]' },
      { name: 'n', json: 'null' },
    ]);
    expect(membersOf('{}')).toEqual([]);
    expect(memberOf(json, 'b')).toBe('1.0');
    expect(memberOf(json, 'c')).toBeNull();
  });

  it('are the items of a list as they were written', () => {
    expect(itemsOf('[ 1.0, "a,]" ,[2 ,3], {"a": []} ]')).toEqual(['1.0', '"a,]"', '[2 ,3]', '{"a": []}']);
    expect(itemsOf('[]')).toEqual([]);
  });

  it('are none of a value of another kind', () => {
    expect(membersOf('[1]')).toBeNull();
    expect(itemsOf('{"a": 1}')).toBeNull();
    expect(itemsOf('1')).toBeNull();
  });
});
