/** Small pieces are joined to texts of this length: a script may print millions of them. UTF-16 code units. */
const CHUNK_UNITS = 64 * 1024;

/** What a script has written to one stream so far. Text is added at the end and never changes; readers remember how far they got. */
export class OutputLog {
  private readonly chunks: string[] = [];
  /** Where each chunk begins, and the fresh pieces behind the last one. UTF-16 code units. */
  private readonly starts: number[] = [0];
  private fresh: string[] = [];
  private written = 0;
  private breaks = 0;
  private last = '';

  /** UTF-16 code units so far. */
  get length(): number {
    return this.written;
  }

  /** Lines so far; one that has only begun counts. */
  get lineCount(): number {
    return this.breaks + (this.last === '' || this.last === '\n' ? 0 : 1);
  }

  append(text: string): void {
    if (text === '') return;
    this.fresh.push(text);
    this.written += text.length;
    this.last = text.charAt(text.length - 1);
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.breaks += 1;
    if (this.written - this.freshStart >= CHUNK_UNITS) this.settle();
  }

  /** @param offset where to begin, UTF-16 code units; what lies before it is not touched */
  since(offset: number): string {
    if (this.fresh.length > 1) this.fresh = [this.fresh.join('')];
    const parts: string[] = [...this.fresh];
    let start = this.freshStart;
    for (let at = this.chunks.length - 1; at >= 0 && start > offset; at -= 1) {
      parts.push(this.chunks[at] ?? '');
      start = this.starts[at] ?? 0;
    }
    return parts
      .reverse()
      .join('')
      .slice(Math.max(0, offset - start));
  }

  /** All of it. */
  text(): string {
    return this.since(0);
  }

  private get freshStart(): number {
    return this.starts.at(-1) ?? 0;
  }

  private settle(): void {
    this.chunks.push(this.fresh.join(''));
    this.fresh = [];
    this.starts.push(this.written);
  }
}
