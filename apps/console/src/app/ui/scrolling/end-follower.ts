/** Nearer to the end than that is at the end, CSS pixels: about a line of text. */
const NEAR = 24;

/** What is known of an element that scrolls, CSS pixels. */
export type Scrolled = Pick<HTMLElement, 'scrollTop' | 'scrollHeight' | 'clientHeight'>;

/** Whether the end of something that grows is followed: until the user scrolls away from it, and again from when they are back. */
export class EndFollower {
  private follows = true;
  private top = 0;

  get isFollowing(): boolean {
    return this.follows;
  }

  /** From the end on again: another text begins. */
  restart(): void {
    this.follows = true;
    this.top = 0;
  }

  /** The element has scrolled, whoever did it. */
  moved({ scrollTop, scrollHeight, clientHeight }: Scrolled): void {
    const toEnd = scrollHeight - clientHeight - scrollTop;
    // The first pixel up is meant, though it is near the end: else a slow wheel would be fought.
    if (toEnd < 1) this.follows = true;
    else if (scrollTop < this.top) this.follows = false;
    else if (scrollTop > this.top && toEnd < NEAR) this.follows = true;
    this.top = scrollTop;
  }
}
