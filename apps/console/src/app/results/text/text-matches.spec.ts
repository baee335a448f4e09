import { type StyledText, spansOf } from './styled-text';
import { markMatches, type TextMatches } from './text-matches';

const STYLED: StyledText = {
  text: 'abcdefgh',
  starts: [2, 5],
  styleIndexes: [1, 0],
  styles: [{ className: '' }, { className: 'bold', color: 'red', background: 'blue' }],
};

function marked(matches: TextMatches, start = 0, end = STYLED.text.length): string[] {
  return markMatches(spansOf(STYLED, start, end), start, matches).map(
    ({ text, style: { className, color } }) => `${text}|${[className, color].filter(Boolean).join(' ')}`,
  );
}

describe('markMatches', () => {
  it('marks what was found, across styles, in colours of its own', () => {
    expect(marked({ starts: [1, 6], length: 2, current: 6 })).toEqual([
      'a|',
      'b|hit',
      'c|bold hit',
      'de|bold red',
      'f|',
      'gh|hit current',
    ]);
  });

  it('marks the part of a match that reaches into a row, and out of it', () => {
    const matches = { starts: [1, 5], length: 3, current: 1 };
    expect(marked(matches, 2, 6)).toEqual(['cd|bold hit current', 'e|bold red', 'f|hit']);
    expect(marked(matches, 4, 5)).toEqual(['e|bold red']);
  });

  it('marks matches that touch each other', () => {
    expect(marked({ starts: [0, 1], length: 1, current: 0 }, 0, 2)).toEqual(['a|hit current', 'b|hit']);
  });
});
