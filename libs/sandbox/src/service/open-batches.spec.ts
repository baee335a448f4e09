import { OpenBatches } from './open-batches';

/** Begins a batch; returns how to end it. */
function begin(batches: OpenBatches, caller: string): { end: () => void; ended: Promise<void> } {
  let end: () => void = () => undefined;
  const ended = batches.during(caller, () => new Promise<void>((resolve) => (end = resolve)));
  return { end, ended };
}

describe('OpenBatches', () => {
  it('leaves half of what there may be to other callers, and refuses all beyond the whole', async () => {
    const batches = new OpenBatches(4);
    const open = ['a', 'a', 'b'].map((caller) => begin(batches, caller));
    await expect(begin(batches, 'a').ended).rejects.toMatchObject({
      code: 'SANDBOX_BUSY',
      message: 'The sandbox is busy: 2 batches of yours are open, the limit is 2. Wait until one has ended.',
      facts: { retryAfterSeconds: 10 },
    });
    open.push(begin(batches, 'c'));
    await expect(begin(batches, 'd').ended).rejects.toMatchObject({
      message: 'The sandbox is busy: 4 batches are open, the limit is 4. Wait until one has ended.',
    });
    open[0]?.end();
    await open[0]?.ended;
    open.push(begin(batches, 'a'));
    open.forEach(({ end }) => end());
    await Promise.all(open.map(({ ended }) => ended));
  });

  it('has room again after a batch that failed', async () => {
    const batches = new OpenBatches(1);
    await expect(batches.during('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(batches.during('a', () => Promise.resolve(1))).resolves.toBe(1);
  });
});
