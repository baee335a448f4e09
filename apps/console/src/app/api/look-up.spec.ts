import { lookUp } from './look-up';

it('finds what a record has, and nothing that every object has', () => {
  const record: Record<string, string> = { nsjail: 'a jail' };
  expect(lookUp(record, 'nsjail')).toBe('a jail');
  for (const name of ['constructor', '__proto__', 'toString', ''])
    expect(lookUp(record, name)).toBeUndefined();
});
