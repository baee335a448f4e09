import { type CompletedExecution, ExecutionFailure } from '@pycell/sandbox';
import type { OpenResponses } from '../shutdown/open-responses';
import { BatchAnswer, type HeldOutcomes } from './batch-answer';
import { ARRAY, type BatchLayout, LINES } from './batch-layout';
import { Reader, until } from './reader.contract';
import { REPORT } from './report.contract';

const MIB = 1024 * 1024;
const PLACES = 2;

let reader: Reader;
let held: HeldOutcomes;

beforeEach(async () => {
  reader = await Reader.connect();
  held = { bytes: 0 };
});

afterEach(() => reader.close());

function started(layout: BatchLayout): BatchAnswer {
  const responses = { follow: () => undefined } as unknown as OpenResponses;
  const answer = new BatchAnswer(layout, reader.response, responses, PLACES, held, ({ code, facts }) => ({
    error: 'why\u2028',
    code,
    requestId: 'r',
    ...(facts.stdout !== undefined && { stdout: facts.stdout }),
  }));
  answer.onStart();
  return answer;
}

const completed = (result: unknown, bytes = 0): CompletedExecution => ({
  resultJson: Buffer.from(JSON.stringify(result)),
  stdout: 'out\u2028\n',
  stderr: '',
  artifacts: bytes === 0 ? [] : [{ name: 'a', bytes: Buffer.alloc(bytes, 'a') }],
  execution: REPORT,
});
const body = (result: unknown): object => ({
  status: 200,
  result,
  stdout: 'out\u2028\n',
  stderr: '',
  artifacts: [],
  execution: REPORT,
});
const FAILURE = new ExecutionFailure('TIMEOUT', 'x', { stdout: 'before', artifacts: [] });
const FAILED = {
  status: 422,
  error: 'why\u2028',
  code: 'TIMEOUT',
  requestId: 'r',
  stdout: 'before',
  artifacts: [],
};

describe('BatchAnswer', () => {
  it('is a line for each outcome, in the order in which they come', async () => {
    const answer = started(LINES);
    answer.onOutcome(1, completed({ a: '\u0085' }));
    answer.onOutcome(0, FAILURE);
    answer.end();
    expect(await reader.headers()).toMatchObject({ 'content-type': 'application/x-ndjson; charset=utf-8' });
    const text = await reader.readAll();
    expect(text).not.toMatch(/[\u0085\u2028]/);
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      { index: 1, ...body({ a: '\u0085' }) },
      { index: 0, ...FAILED },
    ]);
  });

  it('is an array in the order of the inputs', async () => {
    const answer = started(ARRAY);
    answer.onOutcome(2, completed(2));
    answer.onOutcome(1, FAILURE);
    expect(held.bytes).toBeGreaterThan(0);
    answer.onOutcome(0, completed(0));
    expect(held.bytes).toBe(0);
    answer.end();
    expect(await reader.headers()).toMatchObject({ 'content-type': 'application/json; charset=utf-8' });
    expect(JSON.parse(await reader.readAll())).toEqual([
      { index: 0, ...body(0) },
      { index: 1, ...FAILED },
      { index: 2, ...body(2) },
    ]);
  });

  it('has headers before there is an outcome', async () => {
    started(LINES);
    expect(await reader.headers()).toMatchObject({ 'x-accel-buffering': 'no' });
  });

  it('sends outcomes of megabytes whole', async () => {
    const answer = started(ARRAY);
    answer.onOutcome(0, completed('é\u2028'.repeat(400_000), 3 * MIB));
    answer.onOutcome(1, completed(1));
    answer.end();
    const [large, small] = JSON.parse(await reader.readAll()) as Record<string, unknown>[];
    expect(large).toMatchObject({
      result: 'é\u2028'.repeat(400_000),
      artifacts: [{ name: 'a', sizeBytes: 3 * MIB, base64: Buffer.alloc(3 * MIB, 'a').toString('base64') }],
    });
    expect(small).toMatchObject({ index: 1, result: 1 });
  });

  it('begins no run of an array further ahead than twice the places', async () => {
    const answer = started(ARRAY);
    for (const index of [0, 1, 2, 3]) {
      expect(answer.readyFor(index)).toBeUndefined();
    }
    const ready = jest.fn();
    void answer.readyFor(4)?.then(ready);
    answer.onOutcome(1, completed(1));
    await new Promise((resolve) => setImmediate(resolve));
    expect(ready).not.toHaveBeenCalled();
    answer.onOutcome(0, completed(0));
    await new Promise((resolve) => setImmediate(resolve));
    expect(ready).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['that wait for their turn, but that of the next', 1],
    ['of all batches that wait for theirs', 0],
  ])('begins no run while there is too much of outcomes %s', async (_what, own) => {
    const answer = started(ARRAY);
    if (own > 0) {
      answer.onOutcome(1, completed(1, 2 * MIB));
    } else {
      held.bytes = 65 * MIB;
    }
    expect(answer.readyFor(0)).toBeUndefined();
    const ready = jest.fn();
    void answer.readyFor(2)?.then(ready);
    held.bytes -= own > 0 ? 0 : 65 * MIB;
    answer.onOutcome(0, completed(0));
    await reader.readUntil((text) => text.includes('"index":0'));
    void reader.readAll().catch(() => undefined);
    await until(() => ready.mock.calls.length === 1);
  });

  it('begins no run while its reader has much to read', async () => {
    const answer = started(LINES);
    answer.onOutcome(0, completed(0, 20 * MIB));
    const ready = jest.fn();
    void answer.readyFor(1)?.then(ready);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(ready).not.toHaveBeenCalled();
    expect(answer.waitingBytes).toBeGreaterThan(10 * MIB);
    void reader.readAll().catch(() => undefined);
    await until(() => ready.mock.calls.length === 1);
  });

  it('lets whoever waits go on, and holds nothing, when its client has gone', async () => {
    const answer = started(ARRAY);
    answer.onOutcome(3, completed(1, 20 * MIB));
    const ready = jest.fn();
    void answer.readyFor(9)?.then(ready);
    await reader.leave();
    await until(() => ready.mock.calls.length === 1);
    answer.onOutcome(4, completed(4));
    expect(held.bytes).toBe(0);
    expect(answer.waitingBytes).toBe(0);
  });
});
