import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { JobEvents } from './job-events';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function heldBytes(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

describe('JobEvents', () => {
  it('hold no more than they count, also of what came in small pieces', () => {
    const before = heldBytes();
    const events = new JobEvents(() => undefined);
    const word = Buffer.from('ü\u2028wxyz');
    for (let shows = 0; shows < 200; shows++) {
      for (let piece = 0; piece < 2_000; piece++) {
        // As it comes from a run: a text of its own.
        events.tell({ type: 'stdout', text: word.toString('utf8') });
      }
      events.show();
    }
    const held = heldBytes() - before;
    expect(events.count).toBe(200);
    expect(events.bytes).toBeGreaterThan(4_000_000);
    expect(held).toBeLessThan(1.2 * events.bytes);
    events.close();
  });

  it('come in pages, one at least, with how many there are', () => {
    const events = new JobEvents(() => undefined);
    events.tell({ type: 'start' });
    for (let index = 0; index < 5; index++) {
      events.tell({ type: index % 2 === 0 ? 'stdout' : 'stderr', text: 'x'.repeat(1_000) });
    }
    expect(events.after(0, 1_000)).toEqual({ events: [], told: 0 });
    events.show();
    const sizes = [0, 1, 2, 5, 6, 7, 2 ** 31].map((after) => events.after(after, 2_500).events.length);
    expect(sizes).toEqual([4, 3, 3, 1, 0, 0, 0]);
    expect(events.after(1, 1)).toMatchObject({ events: [{ type: 'stdout' }], told: 6 });
    events.close();
  });
});
