import { ERROR_CODES, type ErrorCode, STATUSES } from '@pycell/contracts';
import type { RunOutcome, UnreachableReason } from '../api/run-outcome';
import { announcementOf, describeOutcome, refusedForSeconds } from './outcome-description';
import { adviceOn } from './advice';
import { succeeded } from '../../testing/outcomes';

function failed(code: ErrorCode, status = 422): RunOutcome {
  const error = { error: 'What happened', code, requestId: 'r' };
  return { kind: 'failed', status, error, retryAfterSeconds: null };
}

describe('describeOutcome', () => {
  it.each(ERROR_CODES)('says in words what %s means', (code) => {
    const { title, detail } = describeOutcome(failed(code));
    expect(title).not.toMatch(/[A-Z]_|\d{3}/);
    // What is said of a code of a newer service.
    expect(title).not.toBe('The service refused the request');
    expect(detail).toBe('What happened');
  });

  it.each(['constructor', '__proto__', 'toString', 'NEW_CODE'])(
    'has words for the code %s of a newer API, too',
    (code) => {
      const { title, detail } = describeOutcome(failed(code as ErrorCode));
      expect([title, detail]).toEqual(['The service refused the request', 'What happened']);
      expect(typeof adviceOn(failed(code as ErrorCode))).toBe('string');
    },
  );

  it('says when a busy service is worth another try', () => {
    const error = { error: 'All places are taken', code: 'SANDBOX_BUSY', requestId: 'r' } as const;
    expect(describeOutcome({ kind: 'busy', error, retryAfterSeconds: 1 }).advice).toMatch(/in 1 second\.$/);
  });

  it.each<UnreachableReason>([
    'network',
    'cross-origin',
    'mixed-content',
    'gateway',
    'overloaded',
    'timeout',
    'redirected',
    'interrupted',
    'bad-address',
  ])('says what to do about an API that is unreachable (%s)', (reason) => {
    const outcome: RunOutcome = { kind: 'unreachable', apiUrl: 'http://x', reason, detail: '' };
    expect(describeOutcome(outcome).advice).not.toBe('');
  });
});

describe('describeOutcome of a gateway without the API', () => {
  it('says that it may be starting, and when to try again', () => {
    const outcome: RunOutcome = {
      kind: 'unreachable',
      apiUrl: '/api',
      reason: 'overloaded',
      detail: '',
      retryAfterSeconds: 3,
    };
    const { tone, title, advice } = describeOutcome(outcome);
    expect([tone, title]).toEqual(['warning', 'The API is not ready']);
    expect(advice).toMatch(/It is starting, .* run it again in 3 seconds\.$/);
  });
});

describe('describeOutcome of what is about the caller', () => {
  it.each(['UNAUTHENTICATED', 'FORBIDDEN', 'RATE_LIMITED'] as const)('is no error: %s', (code) => {
    const { http, title, advice } = STATUSES[code];
    const outcome: RunOutcome = {
      kind: 'failed',
      status: http,
      error: { error: 'What happened', code, requestId: 'r' },
      retryAfterSeconds: 7,
    };
    expect(describeOutcome(outcome)).toMatchObject({ tone: 'warning', title, detail: 'What happened' });
    expect(adviceOn(outcome)).toBe(advice);
    expect(refusedForSeconds(outcome)).toBe(code === 'RATE_LIMITED' ? 7 : null);
  });
});

describe('announcementOf', () => {
  it('is one sentence with the error in it', () => {
    expect(announcementOf(failed('TIMEOUT'))).toBe('Time limit reached: What happened');
    expect(announcementOf({ kind: 'cancelled' })).toBe(
      'Cancelled: The run was ended on request. Output comes with the answer, so there is none.',
    );
  });

  it('tells how much was printed, also of a run that was broken off', () => {
    expect(announcementOf(succeeded({ stdout: 'a\nb\n', stderr: 'c' }))).toBe(
      'Finished in 3 milliseconds. The result is ready. Printed 3 lines.',
    );
    const received = { stdout: 'a\n', stderr: '', artifacts: [] };
    expect(announcementOf({ kind: 'cancelled', received })).toBe(
      'Cancelled: The run was ended on request. What it had printed by then is kept. Printed 1 line.',
    );
    expect(announcementOf({ kind: 'cancelled', received: { ...received, stdout: '' } })).toBe(
      'Cancelled: The run was ended on request. It had printed nothing.',
    );
  });

  it('says of a stream that broke off that what had come is kept', () => {
    const lost = { kind: 'unreachable', apiUrl: '/api', reason: 'interrupted', detail: '' } as const;
    const received = { stdout: '', stderr: 'x', artifacts: [] };
    expect(describeOutcome({ ...lost, received })).toMatchObject({
      title: 'The connection was lost',
      advice: expect.stringContaining('What the script had printed by then is kept.'),
    });
    expect(describeOutcome(lost).title).toBe('No answer from the API');
  });
});
