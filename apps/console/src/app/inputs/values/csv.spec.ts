import { columnKinds, CsvError, parseCsv, recordsJson } from './csv';

const jsonOf = (text: string): string => recordsJson(parseCsv(text));

describe('a CSV', () => {
  it('becomes records, whose numbers keep their digits', () => {
    expect(jsonOf('city,n,x\nOslo,1180591620717411303424,1.0\nBergen,-7,2e3\n')).toBe(
      '[{"city":"Oslo","n":1180591620717411303424,"x":1.0},{"city":"Bergen","n":-7,"x":2e3}]',
    );
  });

  it.each([
    ['commas', 'a,b\n1,2\n'],
    ['semicolons', 'a;b\n1;2\n'],
    ['tabs', 'a\tb\n1\t2\n'],
    ['Windows line ends', 'a,b\r\n1,2\r\n'],
    ['a mark before it', '\ufeffa,b\n1,2'],
    ['no last line end', 'a,b\n1,2'],
    ['empty lines', 'a,b\n\n1,2\n\n'],
    ['quotes around everything', '"a","b"\n"1","2"\n'],
  ])('is read with %s', (_, text) => {
    expect(jsonOf(text)).toBe('[{"a":1,"b":2}]');
  });

  it('takes the delimiter that the heading has most of, outside of quotes', () => {
    expect(parseCsv('"a;b;c",d\n1,2\n').names).toEqual(['a;b;c', 'd']);
    expect(jsonOf('a;b\n1,5;x\n')).toBe('[{"a":"1,5","b":"x"}]');
  });

  it('has delimiters, quotes and line ends within quotes', () => {
    expect(jsonOf('a,b\n"x,""y""\nz",2\n')).toBe('[{"a":"x,\\"y\\"\\nz","b":2}]');
  });

  it('has null for empty cells, and truth values where a column has nothing else', () => {
    expect(jsonOf('a,b,c\n1,true,\n,FALSE,x\n')).toBe(
      '[{"a":1,"b":true,"c":null},{"a":null,"b":false,"c":"x"}]',
    );
    expect(columnKinds(parseCsv('a,b,c,d\n1,true,x,\n2,1,3,\n'))).toEqual(['number', 'text', 'text', 'text']);
  });

  it('keeps numbers that JSON does not have as texts: codes with zeros in front', () => {
    expect(jsonOf('zip\n01067\n20095\n')).toBe('[{"zip":"01067"},{"zip":"20095"}]');
  });

  it('fills short rows up and gives columns names of their own', () => {
    expect(parseCsv('a,a,,a\n1\n')).toEqual({
      names: ['a', 'a.1', 'Unnamed: 2', 'a.2'],
      rows: [['1', '', '', '']],
    });
  });

  it.each([
    ['', 'There is no heading.'],
    ['\n\n', 'There is no heading.'],
    ['a,b\n1,2\n1,2,3\n', 'Line 3 has 3 fields, the heading has 2.'],
    ['a,b\n"x\ny",2\n1,2,3\n', 'Line 4 has 3 fields, the heading has 2.'],
    ['a\n1\n"x\n', 'The quote that opens on line 3 is not closed.'],
  ])('says what is wrong with %p', (text, message) => {
    expect(() => parseCsv(text)).toThrow(new CsvError(message));
  });

  it('of many rows is read in no time', () => {
    const text = `a,b,c\n${'1,"x ""y""",z\n'.repeat(100_000)}`;
    expect(parseCsv(text).rows).toHaveLength(100_000);
  });
});
