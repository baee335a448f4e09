import { bytesText, countText, durationText } from './figures';

describe('figures for a user', () => {
  it('have three digits', () => {
    expect([0, 0.114, 1.999, 12.34, 99.96, 123.4, 999, 1_234, 10_042].map(durationText)).toEqual([
      '0 ms',
      '0.11 ms',
      '2 ms',
      '12.3 ms',
      '100 ms',
      '123 ms',
      '999 ms',
      '1.23 s',
      '10 s',
    ]);
    expect([0, 602_112, 12_582_912, 2 ** 30].map(bytesText)).toEqual(['0 B', '588 kB', '12 MB', '1 GB']);
    expect([countText(1, 'row'), countText(10_000, 'row')]).toEqual(['1 row', '10,000 rows']);
  });
});
