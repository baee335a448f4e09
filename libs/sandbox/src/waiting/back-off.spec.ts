import { BackOff } from './back-off';

describe('BackOff', () => {
  it('doubles up to the largest, and begins anew after a success', () => {
    const backOff = new BackOff(10, 50);
    expect([1, 2, 3, 4, 5].map(() => backOff.nextMs())).toEqual([10, 20, 40, 50, 50]);
    backOff.reset();
    expect(backOff.nextMs()).toBe(10);
  });
});
