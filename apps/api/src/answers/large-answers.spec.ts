import { Logger } from '@nestjs/common';
import type { Request } from 'express';
import { jobBody } from '../jobs/described-job';
import type { JobOutcome, JobRecord } from '../jobs/job';
import { OpenResponses, READ_TIMEOUT_MS } from '../shutdown/open-responses';
import { LargeAnswers } from './large-answers';
import { Reader } from './reader.contract';

const MIB = 1024 * 1024;
const RECORD: JobRecord = {
  id: '0'.repeat(32),
  owner: 'a',
  status: 'succeeded',
  createdAt: 1,
  startedAt: 2,
  endedAt: 3,
  expiresAt: 4,
  httpStatus: 200,
};
/** Of about 20 MiB, as much as one may have by default. */
const OUTCOME: JobOutcome = {
  httpStatus: 200,
  result: Buffer.from(`"${'é'.repeat(2 * MIB)}"`),
  facts: '{"execution":{"id":"e"}}',
  output: JSON.stringify({ stdout: '\u0001😀'.repeat(MIB / 2), stderr: 'a'.repeat(MIB) }),
  artifacts: [`{"name":"a","base64":"${'A'.repeat(10 * MIB)}"}`],
};
const BODY = jobBody(RECORD, OUTCOME).join('');
const BYTES = Buffer.byteLength(BODY);

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('LargeAnswers', () => {
  let responses: OpenResponses;
  let answers: LargeAnswers;
  let readers: Reader[];

  beforeAll(() => {
    Logger.overrideLogger(false);
  });

  beforeEach(() => {
    responses = new OpenResponses();
    answers = new LargeAnswers(responses);
    readers = [];
  });

  afterEach(() => {
    responses.onApplicationShutdown();
    readers.forEach((reader) => reader.close());
  });

  async function connected(method = 'GET'): Promise<Reader> {
    const reader = await Reader.connect(method);
    readers.push(reader);
    responses.track({ socket: reader.response.socket } as Request, reader.response, () => undefined);
    return reader;
  }

  /** Sends the outcome. @throws where there is no room for it */
  function send({ response }: Reader, caller = 'a', outcome: JobOutcome | null = OUTCOME): void {
    answers.send(response, jobBody(RECORD, outcome), answers.holdingFor(caller, response));
  }

  it('sends a body whole, with its length', async () => {
    const reader = await connected();
    send(reader);
    expect((await reader.headers())['content-length']).toBe(String(BYTES));
    expect((await reader.headers())['content-type']).toBe('application/json; charset=utf-8');
    expect((await reader.readAll()) === BODY).toBe(true);
  });

  it('tells of a body by HEAD, and makes none', async () => {
    const reader = await connected('HEAD');
    send(reader);
    expect((await reader.headers())['content-length']).toBe(String(BYTES));
    expect(await reader.readAll()).toBe('');
  });

  it('makes next to nothing of what many connections ask for and do not read', async () => {
    const unread = await Promise.all(Array.from({ length: 6 }, () => connected()));
    const { external } = process.memoryUsage();
    // Three of each caller, as many as there is room for.
    unread.forEach((reader, index) => send(reader, index < 3 ? 'a' : 'b'));
    await pause(500);
    // As copies they would be 120 MiB.
    expect(process.memoryUsage().external - external).toBeLessThan(BYTES);
    expect(unread.every(({ response }) => !response.writableEnded)).toBe(true);
  });

  it('has no room for a caller who holds half of it, and room for another', async () => {
    const held = await Promise.all(Array.from({ length: 3 }, () => connected()));
    held.forEach((reader) => send(reader));
    const [refused, other, small] = [await connected(), await connected(), await connected()];
    expect(() => send(refused)).toThrow(
      expect.objectContaining({ code: 'SANDBOX_BUSY', facts: { retryAfterSeconds: 5 } }) as Error,
    );
    expect(refused.response.headersSent).toBe(false);
    // What is small finds room always.
    send(small, 'a', null);
    expect(await small.readAll()).toBe(jobBody(RECORD, null).join(''));
    send(other, 'b');
    await held[0]?.readAll();
    await held[1]?.leave();
    await pause(50);
    send(refused);
    expect((await refused.readAll()) === BODY).toBe(true);
  });

  it('is no reason to cut a client that reads, however slowly, and one that does not is cut', async () => {
    const [slow, idle] = [await connected(), await connected()];
    send(slow);
    send(idle);
    await pause(300);
    const before = performance.now();
    // More than the kernel has taken.
    await slow.readUntil((text) => text.length > BODY.length / 2);
    await pause(50);
    responses.dropUnread(before + READ_TIMEOUT_MS);
    expect(slow.response.destroyed).toBe(false);
    expect(idle.response.destroyed).toBe(true);
    expect((await slow.readAll()) === BODY).toBe(true);
  });
});
