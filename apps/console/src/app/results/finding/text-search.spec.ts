import { MatchSearch } from './match-search';
import { MAX_MATCHES, TextSearch } from './text-search';

function find(text: string, query: string, units?: number): readonly number[] {
  const run = new TextSearch(text, query);
  while (!run.advance(units));
  return run.results();
}

describe('TextSearch', () => {
  it('finds a text whatever its case, and each time once', () => {
    expect(find('Error: no error, ERROR', 'error')).toEqual([0, 10, 17]);
    expect(find('aaaa', 'aa')).toEqual([0, 2]);
    expect(find('GRÖSSE größe', 'größe')).toEqual([7]);
  });

  it('takes signs of regular expressions for what they are', () => {
    expect(find('f(x) = [1.5]* \\d', '[1.5]*')).toEqual([7]);
    expect(find('a.b axb', 'a.b')).toEqual([0]);
    expect(find('x\\d', '\\d')).toEqual([1]);
  });

  it.each([1, 2, 3, 5, 100])('finds the same in steps of %i characters', (units) => {
    const text = 'abcabXabc😀abc\nAbCab';
    expect(find(text, 'abc', units)).toEqual([0, 6, 11, 15]);
    expect(find(text, '😀', units)).toEqual([9]);
  });

  it('keeps so many matches that one can walk through, and says that there are more', () => {
    const run = new TextSearch('x'.repeat(3 * MAX_MATCHES), 'x');
    while (!run.advance());
    expect([run.results().length, run.isCut]).toEqual([MAX_MATCHES, true]);
  });
});

describe('MatchSearch', () => {
  it('goes from match to match, round and round', async () => {
    const search = new MatchSearch();
    expect(await search.search('a', new TextSearch('a a a', 'a'))).toBe(true);
    expect([search.index(), search.current()]).toEqual([0, 0]);
    search.step(-1);
    expect([search.index(), search.current()]).toEqual([2, 4]);
    search.step(1);
    expect(search.current()).toBe(0);
  });

  it('gives up what nobody waits for any more', async () => {
    const search = new MatchSearch();
    let second: Promise<boolean> | undefined;
    const advance = (): boolean => {
      second ??= search.search('b', new TextSearch('abc', 'b'));
      return false;
    };
    expect(await search.search('a', { advance, results: () => [9] })).toBe(false);
    expect(await second).toBe(true);
    expect([search.query(), search.matches()]).toEqual(['b', [1]]);
  });

  it('finds nothing for no text', async () => {
    const search = new MatchSearch();
    await search.search('a', new TextSearch('a', 'a'));
    await search.search('', new TextSearch('a', ''));
    expect([search.query(), search.current(), search.isSearching()]).toEqual(['', null, false]);
  });
});
