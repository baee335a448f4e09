import { MessageError } from './message-error';
import { parseOutcomeMessage as parse } from './outcome-message';
import { encodeSections } from './sections';

const LIMITS = { maxFiles: 3, maxArtifactBytes: 10 };
const parseOutcomeMessage = (payload: Buffer) => parse(payload, LIMITS);

const failure = (fields: Record<string, unknown>): Buffer => encodeSections(fields, []);

function withHead(head: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(head.length);
  return Buffer.concat([length, head]);
}

function failureWith(count: number, field: (index: number) => [string, unknown]): Buffer {
  const fields = Array.from({ length: count }, (_, index) => field(index));
  return failure({ status: 'SCRIPT_ERROR', message: 'm', ...Object.fromEntries(fields) });
}

describe('parseOutcomeMessage', () => {
  it('hands on the bytes of a result, whatever they are', () => {
    const result = Buffer.from('not judged here');
    expect(parseOutcomeMessage(encodeSections({ status: 'OK' }, [['result', result]]))).toEqual({
      status: 'OK',
      result,
    });
  });

  it.each([
    ['OK without a result', encodeSections({ status: 'OK' }, [])],
    [
      'a failure with a result',
      encodeSections({ status: 'SCRIPT_ERROR', message: 'm' }, [['result', Buffer.from('1')]]),
    ],
    ['another section', encodeSections({ status: 'OK' }, [['artifact', Buffer.from('1')]])],
    [
      'a head that is larger than any of ours',
      encodeSections({ status: 'SCRIPT_ERROR', message: 'x'.repeat(600_000) }, []),
    ],
    ['a head of more members than ours have', failureWith(70, (index) => [`a${index}`, 0])],
    [
      'a head of many objects',
      failure({ status: 'SCRIPT_ERROR', message: 'm', a: Array<unknown>(60).fill({}) }),
    ],
    ['a head that is no JSON', withHead(Buffer.from('oops'))],
    ['nothing', Buffer.alloc(0)],
  ])('refuses %s', (_what, payload) => {
    expect(() => parseOutcomeMessage(payload)).toThrow(MessageError);
  });
});

describe('parseOutcomeMessage, of artifacts,', () => {
  const result = Buffer.from('1');
  const telling = (artifacts: unknown, bytes: string): Buffer =>
    encodeSections({ status: 'OK', artifacts }, [
      ['result', result],
      ['artifacts', Buffer.from(bytes)],
    ]);

  it('takes them apart, with a result and with a failure', () => {
    const artifacts = [
      { name: 'a.csv', bytes: Buffer.from('12') },
      { name: 'sub/b', bytes: Buffer.alloc(0) },
    ];
    const list = [
      ['a.csv', 2],
      ['sub/b', 0],
    ];
    expect(parseOutcomeMessage(telling(list, '12'))).toEqual({ status: 'OK', result, artifacts });
    const failed = encodeSections({ status: 'SCRIPT_ERROR', message: 'm', artifacts: list }, [
      ['artifacts', Buffer.from('12')],
    ]);
    expect(parseOutcomeMessage(failed)).toEqual({ status: 'SCRIPT_ERROR', message: 'm', artifacts });
  });

  it.each<[string, unknown, string]>([
    [
      'more than it may',
      [
        ['a', 0],
        ['b', 0],
        ['c', 0],
        ['d', 0],
      ],
      '',
    ],
    ['larger ones than it may', [['a', 11]], 'x'.repeat(11)],
    ['a length that is not theirs', [['a', 2]], '1'],
    [
      'two of one name',
      [
        ['a', 1],
        ['a', 1],
      ],
      '12',
    ],
    ['a name that leads elsewhere', [['../a', 1]], '1'],
    ['a name with a line feed', [['a\nb', 1]], '1'],
    ['no list', 'a', '1'],
    ['no name', [[1, 1]], '1'],
    [
      'a negative length',
      [
        ['a', -1],
        ['b', 2],
      ],
      '1',
    ],
    ['a list of thousands', Array.from({ length: 5000 }, (_, index) => [String(index), 0]), ''],
  ])('refuses %s', (_what, artifacts, bytes) => {
    expect(() => parseOutcomeMessage(telling(artifacts, bytes))).toThrow(MessageError);
  });
});

describe('parseOutcomeMessage, of a failure,', () => {
  it('takes every field', () => {
    const body = {
      status: 'SCRIPT_ERROR',
      message: 'ValueError: no',
      line: 2,
      column: 5,
      traceback: 'Traceback',
      hint: 'Return something else.',
    };
    expect(parseOutcomeMessage(failure(body))).toEqual(body);
  });

  it('takes texts of any characters', () => {
    const message = '[{,"\\'.repeat(1_000);
    const body = { status: 'SCRIPT_ERROR', message, traceback: `${message}"` };
    expect(parseOutcomeMessage(failure(body))).toEqual(body);
  });

  it.each([
    'SYNTAX_ERROR',
    'MAIN_MISSING',
    'SCRIPT_ERROR',
    'SCRIPT_EXITED',
    'MEMORY_LIMIT',
    'RESULT_TOO_LARGE',
    'RESULT_NOT_SERIALIZABLE',
  ])('believes a run that says %s of itself', (status) => {
    expect(parseOutcomeMessage(failure({ status, message: '' }))).toEqual({ status, message: '' });
  });

  it.each([
    'INTERNAL',
    'TIMEOUT',
    'POLICY_VIOLATION',
    'SANDBOX_BUSY',
    'toString',
    '',
    null,
    1,
    ['SCRIPT_ERROR'],
  ])('does not believe a run that says %j of itself', (status) => {
    expect(() => parseOutcomeMessage(failure({ status, message: 'm' }))).toThrow(MessageError);
  });

  it.each([0, -1, 1.5, '2', null, true, 2 ** 53, {}])('drops %j as a line and a column', (position) => {
    const body = { status: 'SCRIPT_ERROR', message: 'm', line: position, column: position };
    expect(parseOutcomeMessage(failure(body))).toEqual({ status: 'SCRIPT_ERROR', message: 'm' });
  });

  it('drops fields that are not its own', () => {
    const body = {
      status: 'SCRIPT_ERROR',
      message: 'm',
      traceback: 1,
      execution: { id: 'forged' },
      code: 'OK',
    };
    expect(parseOutcomeMessage(failure(body))).toEqual({ status: 'SCRIPT_ERROR', message: 'm' });
  });

  it.each([undefined, null, 1, {}])('refuses the message %j', (message) => {
    expect(() => parseOutcomeMessage(failure({ status: 'SCRIPT_ERROR', message }))).toThrow(MessageError);
  });

  it('is not led astray by __proto__', () => {
    const head = Buffer.from('{"__proto__":{"status":"SCRIPT_ERROR","message":"m"},"sections":[]}');
    expect(() => parseOutcomeMessage(withHead(head))).toThrow(MessageError);
  });
});
