import { setImmediate as nextTurn } from 'node:timers/promises';
import { LoopShare } from './loop-share';

describe('LoopShare', () => {
  it('rests ten times as long as a hard text took', () => {
    let now = 1_000;
    const share = new LoopShare(() => now);
    expect(share.isFree).toBe(true);
    share.charge(3);
    now += 29;
    expect(share.isFree).toBe(false);
  });

  it('is free again after the rest', async () => {
    let now = 1_000;
    const share = new LoopShare(() => now);
    share.charge(3);
    now += 30;
    await nextTurn();
    expect(share.isFree).toBe(true);
  });

  it('begins no more in a turn of the loop than fits, and goes on in the next', async () => {
    const share = new LoopShare(() => 0);
    let begun = 0;
    for (let script = 0; script < 64 && share.isFree; script++) {
      begun++;
      share.charge(1.4);
    }
    expect(begun).toBe(4);
    await nextTurn();
    await nextTurn();
    expect(share.isFree).toBe(true);
  });

  it('lets ordinary scripts follow each other', async () => {
    const share = new LoopShare(() => 0);
    for (let turn = 0; turn < 20; turn++) {
      for (let script = 0; script < 16; script++) {
        expect(share.isFree).toBe(true);
        share.charge(0.2);
      }
      await nextTurn();
      await nextTurn();
    }
  });
});
