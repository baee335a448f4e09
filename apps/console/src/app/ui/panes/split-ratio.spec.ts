import { clampSplit, SPLIT_PERCENT, splitAfterKey, splitAtPointer } from './split-ratio';

describe('splitAtPointer', () => {
  const box = { left: 100, width: 1000 };

  it('puts the separator under the pointer', () => {
    expect(splitAtPointer(600, box)).toBe(50);
    expect(splitAtPointer(433.3, box)).toBe(33.3);
  });

  it('leaves each pane enough to be found again', () => {
    expect(splitAtPointer(0, box)).toBe(SPLIT_PERCENT.min);
    expect(splitAtPointer(5_000, box)).toBe(SPLIT_PERCENT.max);
  });

  it('does not divide by a width that is not there', () => {
    expect(splitAtPointer(10, { left: 0, width: 0 })).toBe(SPLIT_PERCENT.initial);
  });
});

describe('splitAfterKey', () => {
  it.each([
    ['ArrowLeft', false, 48],
    ['ArrowRight', false, 52],
    ['ArrowLeft', true, 40],
    ['ArrowRight', true, 60],
    ['Home', false, 20],
    ['End', false, 80],
    ['Enter', false, 54],
    ['a', false, null],
    ['ArrowUp', false, null],
  ])('%s (large: %s) goes to %p', (key, isLarge, expected) => {
    expect(splitAfterKey(50, key, isLarge)).toBe(expected);
  });

  it('stops at the ends', () => {
    expect(splitAfterKey(21, 'ArrowLeft', true)).toBe(20);
    expect(splitAfterKey(79, 'ArrowRight', false)).toBe(80);
  });
});

describe('clampSplit', () => {
  it('takes the initial place for what is no number', () => {
    expect(clampSplit(Number('none'))).toBe(SPLIT_PERCENT.initial);
  });
});
