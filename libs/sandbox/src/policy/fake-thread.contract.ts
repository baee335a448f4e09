import type { ThreadPort } from './checking-thread';
import type { ThreadAnswer, ThreadQuestion } from './thread-messages';

/** A thread that does what the test says. */
export class FakeThread implements ThreadPort {
  readonly questions: ThreadQuestion[] = [];
  isTerminated = false;
  private readonly onMessage: ((answer: ThreadAnswer) => void)[] = [];
  private readonly onExit: (() => void)[] = [];

  on(event: string, listener: (answer: never) => void): void {
    if (event === 'message') this.onMessage.push(listener as (answer: ThreadAnswer) => void);
    if (event === 'exit') this.onExit.push(listener as () => void);
  }

  postMessage(question: ThreadQuestion): void {
    this.questions.push(question);
  }

  terminate(): Promise<unknown> {
    this.isTerminated = true;
    return Promise.resolve();
  }

  say(answer: ThreadAnswer): void {
    this.onMessage.forEach((listener) => listener(answer));
  }

  beReady(): void {
    this.say({ kind: 'ready', threadId: null });
  }

  /** Answers the question at hand: the script is fine. */
  approve(isWorn = false): void {
    this.say({
      kind: 'judgement',
      judgement: { refusal: null, unparsed: null, imports: [] },
      isWorn,
    });
  }

  exit(): void {
    this.onExit.forEach((listener) => listener());
  }
}
