import { DEFAULT_LIMITS } from '@pycell/contracts';
import type { ForeignClient } from '../door/foreign-client';
import type { InterfaceExecutions } from '../door/interface-executions';
import { completed } from '../door/outcomes.contract';
import { judge0Limits } from './configuration';
import { readSubmission } from './submission';
import { resultOf } from './submission-result';
import type { KnownSubmission } from './submission-view';
import { idOf, type Submissions } from './submissions';
import { MAX_BATCH_ANSWER_BYTES, ToldSubmissions, TooMuchAtOnce } from './told-submissions';

const TOKEN = '7fe20ca2-d3e1-4cd2-aeed-74282d54b2fd';
const TELLING = { fields: ['stdout', 'token'], isBase64: false };
const submission = readSubmission(
  { source_code: 'x', language_id: 71 },
  false,
  judge0Limits(DEFAULT_LIMITS),
  { min: 32, max: 512 },
);
const python = { python: () => Promise.resolve({ version: '3.13.1' }) } as unknown as InterfaceExecutions;

let looked: string[];
let controller: AbortController;
let client: ForeignClient;

beforeEach(() => {
  looked = [];
  controller = new AbortController();
  client = { signal: controller.signal } as ForeignClient;
});

function subjectFor(stdout: string): ToldSubmissions {
  const result = resultOf(completed(stdout), submission);
  const find = (token: string): Promise<KnownSubmission | null> => {
    looked.push(token);
    return Promise.resolve(
      idOf(token) === idOf(TOKEN)
        ? { token: TOKEN, submission, status: 3, createdAt: 0, finishedAt: 1, result }
        : null,
    );
  };
  return new ToldSubmissions({ find } as unknown as Submissions, python);
}

const textOf = (pieces: readonly Buffer[]): string => Buffer.concat(pieces).toString('utf8');

describe('ToldSubmissions', () => {
  it('tells of each as often as it is asked for, and looks once, however its token is written', async () => {
    const bare = TOKEN.replaceAll('-', '').toUpperCase();
    const pieces = await subjectFor('out\n').batch([TOKEN, 'none', bare, TOKEN, 'none'], TELLING, client);
    const told = { stdout: 'out\n', token: TOKEN };
    expect(JSON.parse(textOf(pieces))).toEqual({ submissions: [told, null, told, told, null] });
    expect(looked).toEqual([TOKEN, 'none']);
  });

  it('refuses what would be too large at once, and says what to do', async () => {
    const subject = subjectFor('\u0001'.repeat(1024 * 1024));
    const asked = subject.batch(Array<string>(20).fill(TOKEN), TELLING, client);
    await expect(asked).rejects.toThrow(TooMuchAtOnce);
    await expect(asked).rejects.toThrow(
      `more than ${MAX_BATCH_ANSWER_BYTES} bytes: ask for fewer submissions at once, or for fewer fields`,
    );
    const two = await subject.batch([TOKEN, TOKEN], TELLING, client);
    expect(textOf(two).length).toBeGreaterThan(12 * 1024 * 1024);
  });

  it('serves others between submissions, and ends when nobody waits any more', async () => {
    const subject = subjectFor('out');
    const tokens = Array.from({ length: 20 }, (_, n) => `${n}`);
    const seen: number[] = [];
    const telling = subject.batch(tokens, TELLING, client).finally(() => seen.push(-1));
    while (seen.at(-1) !== -1 && seen.length < 100) {
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(looked.length);
    }
    await telling;
    // One after the other, each in a turn of its own.
    expect(seen.filter((count) => count > 0 && count < 20).length).toBeGreaterThan(15);
    looked = [];
    const asked = subject.batch(tokens, TELLING, client);
    controller.abort(new Error('gone'));
    await expect(asked).rejects.toThrow('gone');
    expect(looked).toHaveLength(1);
  });

  it('counts what an answer holds while it is made, and ends where there is no room for it', async () => {
    const seen: number[] = [];
    const counted = {
      ...client,
      holding: {
        resize: (bytes: number) => {
          seen.push(bytes);
          if (bytes > 8 * 1024 * 1024) {
            throw new Error('no room');
          }
        },
      },
    };
    const subject = subjectFor('\u0001'.repeat(1024 * 1024));
    const pieces = await subject.byToken(TOKEN, TELLING, counted);
    expect(seen).toEqual([textOf(pieces ?? []).length]);
    const [large = 0] = seen.splice(0);
    await subject.batch([TOKEN, TOKEN, 'none'], TELLING, counted).catch(() => undefined);
    // The same once more is the same memory.
    expect(seen).toEqual([large, 2 * large]);
    await expect(subject.batch([TOKEN, TOKEN, 'none'], TELLING, counted)).rejects.toThrow('no room');
  });
});
