/** What became of the elements of a list: a pair stayed or changed, a lone side was removed or added. */
export interface AlignedElements {
  readonly before: number | null;
  readonly after: number | null;
}

/** A table of so many cells is filled at once; longer differences are told place by place. */
const MAX_CELLS = 400_000;

/**
 * Finds which elements of two lists belong together, so that one element more at the start is one addition and not a
 * list of changes. Equal texts are the same element; what lies between two pairs of those is paired in order.
 */
export function alignLists(before: readonly string[], after: readonly string[]): AlignedElements[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  const shorter = Math.min(before.length, after.length) - head;
  while (tail < shorter && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;

  const pairs: AlignedElements[] = [];
  for (let place = 0; place < head; place += 1) pairs.push({ before: place, after: place });
  const middleBefore = before.slice(head, before.length - tail);
  const middleAfter = after.slice(head, after.length - tail);
  let left = head;
  let right = head;
  const pairUpTo = (leftEnd: number, rightEnd: number): void => {
    while (left < leftEnd || right < rightEnd) {
      pairs.push({ before: left < leftEnd ? left : null, after: right < rightEnd ? right : null });
      if (left < leftEnd) left += 1;
      if (right < rightEnd) right += 1;
    }
  };
  for (const [i, j] of commonElements(middleBefore, middleAfter)) {
    pairUpTo(head + i, head + j);
    pairUpTo(head + i + 1, head + j + 1);
  }
  pairUpTo(before.length - tail, after.length - tail);
  pairUpTo(before.length, after.length);
  return pairs;
}

/** The longest common subsequence, as pairs of places; none where the lists are too long to look for it. */
function commonElements(before: readonly string[], after: readonly string[]): [number, number][] {
  const width = after.length + 1;
  if (before.length === 0 || after.length === 0 || (before.length + 1) * width > MAX_CELLS) return [];
  // lengths[i * width + j]: of what before[i..] and after[j..] have in common.
  const lengths = new Uint32Array((before.length + 1) * width);
  const lengthAt = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] =
        before[i] === after[j]
          ? lengthAt(i + 1, j + 1) + 1
          : Math.max(lengthAt(i + 1, j), lengthAt(i, j + 1));
    }
  }
  const pairs: [number, number][] = [];
  let i = 0;
  let j = 0;
  while (i < before.length && j < after.length) {
    if (before[i] === after[j]) {
      pairs.push([i, j]);
      i += 1;
      j += 1;
    } else if (lengthAt(i + 1, j) >= lengthAt(i, j + 1)) {
      i += 1;
    } else {
      j += 1;
    }
  }
  return pairs;
}
