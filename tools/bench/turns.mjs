/** Two installations measured in turns: the one commit, the base line, and the other, which is compared with it. */
import { ratiosOf } from './statistics.mjs';

/** Both sides of a comparison, in the order in which a round measures them: another one in each round. */
export function sidesInTurn(sides, round) {
  return round % 2 === 0 ? sides : sides.toReversed();
}

/** What was measured of one thing: for each side a list with an entry for each round. */
export class Turns {
  #results = new Map();

  /** Measures one side and keeps what came of it. */
  async measure(side, work) {
    const results = this.#results.get(side) ?? [];
    this.#results.set(side, results);
    results.push(await work(side));
  }

  of(side) {
    return this.#results.get(side) ?? [];
  }

  /** Returns the quartiles of a figure's ratio of `side` to `base`, round by round. */
  ratios(side, base, figureOf) {
    return ratiosOf(this.of(side).map(figureOf), this.of(base).map(figureOf));
  }
}
