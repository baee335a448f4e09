/** Cuts a text that comes in pieces into its lines. A line may be as long as a result: its pieces are joined once. */
export class LineSplitter {
  private begun: string[] = [];

  /** @returns the lines that this piece completes, without their ends */
  push(piece: string): readonly string[] {
    const lines = piece.split('\n');
    const rest = lines.pop() ?? '';
    if (lines.length > 0) {
      lines[0] = [...this.begun, lines[0]].join('');
      this.begun = [];
    }
    if (rest !== '') this.begun.push(rest);
    return lines;
  }
}
