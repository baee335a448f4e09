import { Heap, type Weighed } from './heap';

class Item implements Weighed {
  heapIndex = -1;

  constructor(public weight: number) {}
}

describe('Heap', () => {
  it('is empty at first, and of what weighs nothing', () => {
    const heap = new Heap<Item>();
    expect(heap.heaviest).toBeNull();
    heap.update(new Item(0));
    expect(heap.heaviest).toBeNull();
  });

  it('has one that weighs more come up, and one that weighs less go down', () => {
    const heap = new Heap<Item>();
    const [one, two, three] = [new Item(1), new Item(2), new Item(3)];
    [one, two, three].forEach((item) => heap.update(item));
    expect(heap.heaviest).toBe(three);
    one.weight = 9;
    heap.update(one);
    expect(heap.heaviest).toBe(one);
    one.weight = 1;
    heap.update(one);
    expect(heap.heaviest).toBe(three);
    three.weight = 0;
    heap.update(three);
    expect(heap.heaviest).toBe(two);
    expect(three.heapIndex).toBe(-1);
    // What is out already stays out.
    heap.update(three);
    expect(heap.heaviest).toBe(two);
    three.weight = 5;
    heap.update(three);
    expect(heap.heaviest).toBe(three);
  });

  it('takes out the last one, and the only one', () => {
    const heap = new Heap<Item>();
    const [large, small] = [new Item(2), new Item(1)];
    [large, small].forEach((item) => heap.update(item));
    small.weight = 0;
    heap.update(small);
    large.weight = 0;
    heap.update(large);
    expect(heap.heaviest).toBeNull();
  });

  it('gives the heaviest of many, whatever becomes of their weights', () => {
    const heap = new Heap<Item>();
    const items = Array.from({ length: 200 }, () => new Item(0));
    // The same numbers in each run: a linear congruential generator.
    let seed = 12_345;
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return Math.floor((seed / 2 ** 31) * below);
    };
    for (let step = 0; step < 20_000; step++) {
      const item = items[random(items.length)];
      if (item) {
        item.weight = random(4) === 0 ? 0 : random(1_000);
        heap.update(item);
      }
      const most = Math.max(...items.map(({ weight }) => weight));
      if ((heap.heaviest?.weight ?? 0) !== most) {
        throw new Error(`step ${step}: ${heap.heaviest?.weight} is the heaviest, and ${most} is there`);
      }
    }
    expect(items.filter(({ weight }) => weight > 0).every(({ heapIndex }) => heapIndex >= 0)).toBe(true);
    expect(items.filter(({ weight }) => weight === 0).every(({ heapIndex }) => heapIndex === -1)).toBe(true);
  });
});
