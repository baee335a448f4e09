import { scrollTopFor, windowOf } from './virtual-window';

const list = { count: 1_000, rowHeight: 20, viewport: 200 };

describe('windowOf', () => {
  it('draws what is seen and some rows around it', () => {
    expect(windowOf(list, 10_000)).toEqual({ first: 488, end: 522, offset: 9_760, height: 20_000 });
  });

  it('draws no row that does not exist', () => {
    expect(windowOf(list, 0)).toMatchObject({ first: 0, end: 22, offset: 0 });
    expect(windowOf(list, 19_800).end).toBe(1_000);
    expect(windowOf({ ...list, count: 0 }, 0)).toMatchObject({ first: 0, end: 0, height: 0 });
  });

  it('reaches the last row of a list that no element could be as high as', () => {
    const long = { ...list, count: 3_000_000 };
    const { height } = windowOf(long, 0);
    expect(height).toBeLessThan(10_000_000);
    const last = windowOf(long, height - long.viewport);
    expect(last.end).toBe(3_000_000);
    // The last row ends where the content ends.
    expect(last.offset + (last.end - last.first) * long.rowHeight).toBeCloseTo(height, 3);
  });
});

describe('scrollTopFor', () => {
  it('stays where the row is seen', () => {
    expect(scrollTopFor(list, 502, 10_000)).toBe(10_000);
  });

  it('brings a row to the nearer edge', () => {
    expect(scrollTopFor(list, 400, 10_000)).toBe(8_000);
    expect(scrollTopFor(list, 600, 10_000)).toBe(11_820);
  });

  it('finds a row of a list that is scrolled in larger steps', () => {
    const long = { ...list, count: 3_000_000 };
    const scrollTop = scrollTopFor(long, 1_500_000, 0);
    const { first, end } = windowOf(long, scrollTop);
    expect(first).toBeLessThan(1_500_000);
    expect(end).toBeGreaterThan(1_500_000);
  });
});
