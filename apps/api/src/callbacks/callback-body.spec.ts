import { outcomeBody } from '../jobs/described-job';
import type { JobOutcome, JobRecord } from '../jobs/job';
import { callbackBody } from './callback-body';

const RECORD: JobRecord = {
  id: '0123456789abcdef0123456789abcdef',
  owner: 'key shop',
  status: 'succeeded',
  createdAt: Date.UTC(2026, 0, 2, 3, 4, 5, 6),
  startedAt: Date.UTC(2026, 0, 2, 3, 4, 6),
  endedAt: Date.UTC(2026, 0, 2, 3, 4, 7),
  expiresAt: Date.UTC(2026, 0, 2, 4, 4, 7),
  httpStatus: 200,
};
const OUTCOME: JobOutcome = {
  httpStatus: 200,
  result: Buffer.from('{"b": 12345678901234567890, "a": 1.0}'),
  facts: '{"execution":{"durationMs":1}}',
  output: '{"stdout":"grüße\\n","stderr":""}',
  artifacts: [],
};
const FAILED: JobOutcome = {
  httpStatus: 422,
  result: null,
  facts: '{"error":"It failed.","code":"SCRIPT_ERROR","requestId":"r"}',
  output: '{"stdout":"","stderr":"x"}',
  artifacts: ['{"name":"a.txt"}', '{"name":"b.txt"}'],
};

function dataOf(body: string): unknown {
  return (JSON.parse(body) as { data: unknown }).data;
}

describe('callbackBody', () => {
  it('says what has ended, and when, with the result as Python wrote it', () => {
    expect(callbackBody(RECORD, OUTCOME)).toBe(
      '{"type":"execution.ended","timestamp":"2026-01-02T03:04:07.000Z","data":' +
        '{"id":"0123456789abcdef0123456789abcdef","status":"succeeded","createdAt":"2026-01-02T03:04:05.006Z",' +
        '"startedAt":"2026-01-02T03:04:06.000Z","endedAt":"2026-01-02T03:04:07.000Z",' +
        '"expiresAt":"2026-01-02T04:04:07.000Z","httpStatus":200,' +
        '"outcome":{"result":{"b": 12345678901234567890, "a": 1.0},"stdout":"grüße\\n","stderr":"","artifacts":[],' +
        '"execution":{"durationMs":1}}}}',
    );
  });

  it('does not tell the owner', () => {
    expect(callbackBody(RECORD, OUTCOME)).not.toContain('shop');
  });

  it('has the body of the error for one that failed', () => {
    const body = callbackBody({ ...RECORD, status: 'failed', httpStatus: 422 }, FAILED);
    expect(dataOf(body)).toMatchObject({
      status: 'failed',
      httpStatus: 422,
      outcome: {
        error: 'It failed.',
        code: 'SCRIPT_ERROR',
        stderr: 'x',
        artifacts: [{ name: 'a.txt' }, { name: 'b.txt' }],
      },
    });
  });

  it('is JSON where nothing ran', () => {
    const body = callbackBody(RECORD, { ...FAILED, output: '{}', artifacts: [] });
    expect(dataOf(body)).toMatchObject({
      outcome: { error: 'It failed.', code: 'SCRIPT_ERROR', requestId: 'r' },
    });
    expect(dataOf(body)).not.toMatchObject({ outcome: { artifacts: [] } });
  });

  it('has no outcome for one that was cancelled', () => {
    const record = { ...RECORD, status: 'cancelled', startedAt: null, httpStatus: null } as const;
    expect(dataOf(callbackBody(record, null))).toEqual({
      id: RECORD.id,
      status: 'cancelled',
      createdAt: '2026-01-02T03:04:05.006Z',
      endedAt: '2026-01-02T03:04:07.000Z',
      expiresAt: '2026-01-02T04:04:07.000Z',
    });
  });

  it('says that an outcome was left out which was too large to be read', () => {
    expect(dataOf(callbackBody(RECORD, 'too large'))).toMatchObject({ id: RECORD.id, outcomeLeftOut: true });
  });

  it.each([
    [256 * 1024, true],
    [256 * 1024 + 1, false],
  ])('has an outcome of %i bytes: %p', (bytes, isThere) => {
    const rest = Buffer.byteLength(outcomeBody({ ...OUTCOME, result: Buffer.alloc(0) }).join(''));
    const result = Buffer.from(`"${'é'.repeat(1_000)}${'x'.repeat(bytes - rest - 2_002)}"`);
    const data = dataOf(callbackBody(RECORD, { ...OUTCOME, result })) as Record<string, unknown>;
    expect('outcome' in data).toBe(isThere);
    expect(data['outcomeLeftOut']).toBe(isThere ? undefined : true);
  });
});
