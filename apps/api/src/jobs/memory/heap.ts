/** Something that knows its place in a heap. */
export interface Weighed {
  readonly weight: number;
  /** Kept by the heap: -1 outside of it. */
  heapIndex: number;
}

/** Gives the heaviest of many whose weights change, in logarithmic time. */
export class Heap<Item extends Weighed> {
  private readonly items: Item[] = [];

  get heaviest(): Item | null {
    return this.items[0] ?? null;
  }

  /** Puts it in, or to where it belongs after its weight has changed; what weighs nothing is taken out. */
  update(item: Item): void {
    if (item.weight > 0) {
      if (item.heapIndex < 0) {
        item.heapIndex = this.items.push(item) - 1;
      }
      this.settle(item);
    } else if (item.heapIndex >= 0) {
      const last = this.items.pop();
      if (last && last !== item) {
        this.put(last, item.heapIndex);
        this.settle(last);
      }
      item.heapIndex = -1;
    }
  }

  private settle(item: Item): void {
    for (;;) {
      const at = item.heapIndex;
      const parent = this.items[(at - 1) >> 1];
      if (at > 0 && parent && parent.weight < item.weight) {
        this.put(parent, at);
        this.put(item, (at - 1) >> 1);
        continue;
      }
      const child = this.heavierChild(at);
      if (!child || child.weight <= item.weight) {
        return;
      }
      const below = child.heapIndex;
      this.put(child, at);
      this.put(item, below);
    }
  }

  private heavierChild(at: number): Item | undefined {
    const [left, right] = [this.items[2 * at + 1], this.items[2 * at + 2]];
    return left && right && right.weight > left.weight ? right : left;
  }

  private put(item: Item, at: number): void {
    this.items[at] = item;
    item.heapIndex = at;
  }
}
