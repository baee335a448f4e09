import type { OutputLog } from '../../api/output-log';
import { countText } from '../../ui/formatting/figures';
import { LiveTerminal } from './live-terminal';
import type { StyledText } from './styled-text';

/** More that came at once, while the page was hidden, is not read: only its end. UTF-16 code units. */
const MOST_AT_ONCE = 1024 * 1024;

/** What is shown of a stream that is still being written. */
export interface ShownStream {
  readonly text: StyledText;
  /** How much it is. */
  readonly facts: string;
}

/** Follows a stream that is still being written, as far as it is asked to. */
export class LiveText {
  private terminal = new LiveTerminal();
  private seen = 0;
  private hasSkipped = false;

  constructor(private readonly log: OutputLog) {}

  /** Takes in what has come since, and tells what is seen of it all. */
  read(): ShownStream {
    const { log } = this;
    if (log.length - this.seen > MOST_AT_ONCE) {
      this.hasSkipped = true;
      this.terminal = new LiveTerminal();
      const end = log.since(log.length - MOST_AT_ONCE);
      // From where a line begins, unless there is but one.
      this.terminal.append(end.slice(end.indexOf('\n') + 1));
    } else {
      this.terminal.append(log.since(this.seen));
    }
    this.seen = log.length;
    const isCut = this.hasSkipped || this.terminal.isCut;
    const lines = countText(log.lineCount, 'line');
    return { text: this.terminal.read(), facts: isCut ? `${lines}, of which the last are shown` : lines };
  }
}
