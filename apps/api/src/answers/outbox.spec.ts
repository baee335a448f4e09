import { PING_INTERVAL_MS } from '@pycell/contracts';
import { Outbox } from './outbox';
import { Reader, until } from './reader.contract';

const MIB = 1024 * 1024;

let reader: Reader;
let taken: number;

beforeEach(async () => {
  reader = await Reader.connect();
  taken = 0;
});

afterEach(() => {
  jest.useRealTimers();
  reader.close();
});

const open = (): Outbox => new Outbox(reader.response, 'PING', () => taken++);

/** Counts how many pieces of a parcel have been made. */
function counted(pieces: number, piece: string): { made: number; readonly pieces: Iterable<string> } {
  const parcel = { made: 0, pieces: make() };
  return parcel;

  function* make(): Iterable<string> {
    while (parcel.made < pieces) {
      parcel.made++;
      yield piece;
    }
  }
}

describe('Outbox', () => {
  it('sends texts and parcels in their order, whatever their sizes', async () => {
    const outbox = open();
    let expected = '';
    for (let index = 0; index < 3_000; index++) {
      const text = `${index}é`.repeat(index % 50);
      expected += text;
      if (text !== '') {
        outbox.write(text);
      }
      if (index % 500 === 0) {
        const piece = `<${'p'.repeat(40_000)}>`;
        expected += piece.repeat(4);
        outbox.add({ pieces: [piece, Buffer.from(piece), piece, piece], bytes: 160_000 });
      }
    }
    outbox.end();
    expect(await reader.readAll()).toBe(expected);
    expect(outbox.waitingBytes).toBe(0);
  });

  it('makes the pieces of a parcel only as its reader takes them', async () => {
    const outbox = open();
    const parcel = counted(1_000, 'x'.repeat(MIB / 16));
    outbox.add({ pieces: parcel.pieces, bytes: 62 * MIB });
    outbox.end();
    await until(() => parcel.made > 1);
    await new Promise((resolve) => setTimeout(resolve, 200));
    // The kernel takes some megabytes for a reader that does nothing.
    expect(parcel.made).toBeLessThan(300);
    expect(outbox.waitingBytes).toBeGreaterThan(40 * MIB);
    expect((await reader.readAll()).length).toBe(62.5 * MIB);
    expect(outbox.waitingBytes).toBe(0);
  });

  it('makes a few pieces in one turn of the event loop, however fast they are taken', async () => {
    let turn = 0;
    const tick = (): void => {
      turn++;
      next = setImmediate(tick);
    };
    let next = setImmediate(tick);
    const madeIn = new Map<number, number>();
    function* make(): Iterable<string> {
      for (let made = 0; made < 200; made++) {
        madeIn.set(turn, (madeIn.get(turn) ?? 0) + 1);
        yield 'x'.repeat(MIB / 16);
      }
    }
    const outbox = open();
    outbox.add({ pieces: make(), bytes: 200 * (MIB / 16) });
    outbox.end();
    expect((await reader.readAll()).length).toBe(200 * (MIB / 16));
    clearImmediate(next);
    expect(Math.max(...madeIn.values())).toBeLessThanOrEqual(3);
  });

  it('has to be taken in a time that follows from what is left, once it is complete', async () => {
    const outbox = open();
    outbox.add({ pieces: counted(1_000, 'x'.repeat(MIB / 16)).pieces, bytes: 62 * MIB });
    expect(outbox.dueAt).toBe(Infinity);
    const before = performance.now();
    outbox.end();
    // 30 s, and a second for each 32 kB.
    expect(outbox.dueAt - before).toBeGreaterThan(30_000 + (40 * MIB) / 32);
    expect(outbox.dueAt - before).toBeLessThan(31_000 + (63 * MIB) / 32);
    await reader.leave();
  });

  it('tells what waits, since when nothing was taken, and that something was', async () => {
    const outbox = open();
    while (outbox.waitingBytes < 2 * MIB) {
      outbox.write('y'.repeat(30_000));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const takenBefore = taken;
    const { progressAt } = outbox;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(outbox.progressAt).toBe(progressAt);
    await reader.readUntil((text) => text.length > 4 * MIB || outbox.waitingBytes === 0);
    await until(() => outbox.waitingBytes === 0);
    expect(outbox.progressAt).toBeGreaterThan(progressAt);
    expect(taken).toBeGreaterThan(takenBefore);
  });

  it('sends a sign of life where nothing was sent for a while, and none after the end', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'performance'] });
    const outbox = open();
    outbox.write('a');
    await reader.readUntil((text) => text === 'a');
    jest.advanceTimersByTime(PING_INTERVAL_MS - 1);
    outbox.write('b');
    jest.advanceTimersByTime(PING_INTERVAL_MS - 1);
    expect(await reader.readUntil((text) => text.endsWith('b'))).toBe('ab');
    jest.advanceTimersByTime(1);
    expect(await reader.readUntil((text) => text.length > 2)).toBe('abPING');
    jest.advanceTimersByTime(PING_INTERVAL_MS);
    outbox.end();
    jest.advanceTimersByTime(10 * PING_INTERVAL_MS);
    expect(await reader.readAll()).toBe('abPINGPING');
  });

  it('lets go of everything when its reader leaves', async () => {
    const outbox = open();
    const parcel = counted(1_000, 'x'.repeat(MIB / 16));
    outbox.add({ pieces: parcel.pieces, bytes: 62 * MIB });
    await reader.leave();
    await until(() => outbox.waitingBytes === 0);
    outbox.write('more');
    outbox.add({ pieces: ['more'], bytes: 4 });
    outbox.end();
    expect(outbox.waitingBytes).toBe(0);
    expect(parcel.made).toBeLessThan(1_000);
  });
});
