import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { completed } from '../door/outcomes.contract';
import { atOnce } from '../door/slices.contract';
import { pistonAnswer } from './piston-answer';
import { readPistonRequest } from './piston-request';

/** A request as others send it, what is executed of it, and the answer that they expect. */
interface Golden {
  readonly body: unknown;
  readonly executed: {
    readonly mode: string;
    readonly lastLines: string;
    readonly stdin: string;
    readonly limits: object;
  };
  readonly printed: string;
  readonly answer: object;
}

const FOLDER = join(__dirname, 'golden');
const TERMS = {
  version: '3.13.1',
  timeoutMs: { min: 1, max: 10_000 },
  memoryMb: { min: 32, max: 512 },
  maxFiles: 64,
  isJudged: false,
};

describe('Golden requests of Piston', () => {
  it.each(readdirSync(FOLDER))('%s', (file) => {
    const golden = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Golden;
    const { request, ...how } = atOnce(readPistonRequest(golden.body, TERMS));
    const { mode, lastLines, stdin, limits } = golden.executed;
    expect(request).toMatchObject({ mode, limits });
    expect(request.script.endsWith(lastLines)).toBe(true);
    expect(request.stdin?.toString()).toBe(stdin);
    const answer = pistonAnswer(completed(golden.printed), { version: TERMS.version, ...how });
    expect(answer).toEqual({ status: 200, body: golden.answer });
  });
});
