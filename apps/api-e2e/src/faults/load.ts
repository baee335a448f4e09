import type { ApiServer } from '../harness/api-server';
import type { ExecuteAnswer } from '../harness/http-client';

/** A script that answers with a number of its own: whose answer came shows in it. */
type MarkedKind = (marker: number) => string;

export const hello: MarkedKind = (marker) => `print(${marker})\ndef main():\n    return ${marker}`;
export const pandas: MarkedKind = (marker) =>
  `import pandas as pd\nprint(${marker})\ndef main():\n    return int(pd.Series([${marker} - 1, 1]).sum())`;
/** Holds its place, so that there is always a run to meet. */
export const sleep: MarkedKind = (marker) =>
  `import time\nprint(${marker})\ndef main():\n    time.sleep(0.2)\n    return ${marker}`;

/** What each client of a load sends in turn. */
const CLIENTS: readonly (readonly MarkedKind[])[] = [[hello, pandas], [sleep], [hello, sleep], [pandas]];
/** Above every figure of the other answers, so that it occurs nowhere by chance. */
const FIRST_MARKER = 7_000_000;

export interface LoadAnswer {
  readonly marker: number;
  readonly answer: ExecuteAnswer;
  readonly tookMs: number;
}

/** Clients that send one script after the other, until they are told to end. */
export class Load {
  private readonly answers: LoadAnswer[] = [];
  private readonly clients: readonly Promise<void>[];
  private next = FIRST_MARKER;
  private isGoing = true;

  constructor(private readonly server: ApiServer) {
    this.clients = CLIENTS.map((kinds) => this.send(kinds));
  }

  /** Waits until each client has its last answer. @returns all of them; more often than once, the same */
  async end(): Promise<readonly LoadAnswer[]> {
    this.isGoing = false;
    await Promise.all(this.clients);
    return this.answers;
  }

  private async send(kinds: readonly MarkedKind[]): Promise<void> {
    for (let n = 0; this.isGoing; n++) {
      const marker = this.next++;
      const kind = kinds[n % kinds.length] ?? hello;
      const since = performance.now();
      const answer = await this.server.client.execute(kind(marker));
      this.answers.push({ marker, answer, tookMs: performance.now() - since });
    }
  }
}

/** Whether it is the error of the contract that says: nothing was delivered, come again. */
export function isRetryable({ status, body, headers }: ExecuteAnswer): boolean {
  return (
    status === 503 &&
    body.code === 'SANDBOX_UNAVAILABLE' &&
    body.error.includes('retry') &&
    /^[1-9]\d*$/.test(headers['retry-after'] ?? '')
  );
}

/** Those that are neither the caller's own result nor an error that is safe to retry, for a message that shows them. */
export function wrongAnswers(answers: readonly LoadAnswer[]): readonly unknown[] {
  return answers
    .filter(
      ({ marker, answer }) =>
        !(answer.status === 200 && answer.body.result === marker && answer.body.stdout === `${marker}\n`) &&
        !isRetryable(answer),
    )
    .map(({ marker, answer: { status, text } }) => ({ marker, status, text: text.slice(0, 300) }));
}

export function slowestMs(answers: readonly LoadAnswer[]): number {
  return Math.max(0, ...answers.map(({ tookMs }) => tookMs));
}
