import { parseJson } from '../json/json-parser';
import { moveByKey, OpenContainers, rowOf, type TreeMove } from './tree-rows';

const json = parseJson('{"a": [1, {"b": 2}], "c": {}, "d": "x"}');
// 0 root, 1 a, 2 a[0], 3 a[1], 4 b, 5 c, 6 d

function opened(...nodes: number[]): OpenContainers {
  const containers = new OpenContainers(json);
  for (const node of nodes) containers.set(node, true);
  return containers;
}

describe('OpenContainers', () => {
  it('shows what open containers hold, in document order', () => {
    expect([...opened().rows()]).toEqual([0]);
    expect([...opened(0).rows()]).toEqual([0, 1, 5, 6]);
    expect([...opened(0, 3).rows()]).toEqual([0, 1, 5, 6]);
    expect([...opened(0, 1, 3).rows()]).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('opens a small result wholly and a large one so far that it can be taken in', () => {
    const small = opened();
    small.openInitially();
    expect(small.rows()).toHaveLength(7);
    const records = parseJson(JSON.stringify(Array.from({ length: 40 }, (_, id) => ({ id, name: 'x' }))));
    const large = new OpenContainers(records);
    large.openInitially();
    expect(large.rows()).toHaveLength(41);
  });

  it('opens and closes all, and keeps the root open', () => {
    const containers = opened(0);
    containers.setAll(true);
    expect(containers.rows()).toHaveLength(7);
    containers.setAll(false);
    expect(containers.rows()).toHaveLength(4);
  });

  it('opens what a value stands in', () => {
    const containers = opened();
    containers.reveal(4);
    expect([...containers.rows()]).toContain(4);
  });

  it('finds the row of a value, or of what holds it where it is not seen', () => {
    const rows = opened(0).rows();
    expect(rowOf(rows, 5)).toBe(2);
    expect(rowOf(rows, 4)).toBe(1);
  });
});

describe('moveByKey', () => {
  const containers = opened(0, 1);
  const rows = containers.rows(); // 0 1 2 3 5 6
  const press = (key: string, node: number): TreeMove | null =>
    moveByKey(key, { json, containers, rows, node, page: 3 });

  it('goes up and down by rows, pages and ends', () => {
    expect(press('ArrowDown', 3)).toEqual({ kind: 'go', node: 5 });
    expect(press('ArrowUp', 0)).toEqual({ kind: 'go', node: 0 });
    expect(press('PageDown', 1)).toEqual({ kind: 'go', node: 5 });
    expect(press('End', 1)).toEqual({ kind: 'go', node: 6 });
    expect(press('Home', 5)).toEqual({ kind: 'go', node: 0 });
  });

  it('opens by right and then goes in, closes by left and then goes out', () => {
    expect(press('ArrowRight', 3)).toEqual({ kind: 'open', node: 3 });
    expect(press('ArrowRight', 1)).toEqual({ kind: 'go', node: 2 });
    expect(press('ArrowLeft', 1)).toEqual({ kind: 'close', node: 1 });
    expect(press('ArrowLeft', 3)).toEqual({ kind: 'go', node: 1 });
  });

  it('does nothing with plain and empty values', () => {
    expect(press('ArrowRight', 6)).toBeNull();
    expect(press('Enter', 5)).toBeNull();
    expect(press('x', 1)).toBeNull();
  });
});
