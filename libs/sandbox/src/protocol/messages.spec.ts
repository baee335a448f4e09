import { DEFAULT_LIMITS, MAX_RESULT_DEPTH } from '@pycell/contracts';
import {
  encodeRunMessage,
  MessageError,
  parseEndedMessage,
  parseFailureMessage,
  RUN_CAUSES,
} from './messages';

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

describe('encodeRunMessage', () => {
  it('writes the limits in the units of docs/protocol.md', () => {
    const limits = { ...DEFAULT_LIMITS, timeoutSeconds: 1.5, memoryLimitMb: 2, tmpSizeMb: 3 };
    expect(JSON.parse(encodeRunMessage('x = "é"', 'compile', limits, 4).toString('utf8'))).toEqual({
      script: 'x = "é"',
      mode: 'compile',
      limits: {
        timeoutMs: 1500,
        memoryBytes: 2 * 1024 * 1024,
        outputBytes: DEFAULT_LIMITS.maxOutputBytes,
        resultBytes: DEFAULT_LIMITS.maxResultBytes,
        resultDepth: MAX_RESULT_DEPTH,
        openFiles: DEFAULT_LIMITS.maxOpenFiles,
        fileBytes: 3 * 1024 * 1024,
        cpuSeconds: 12,
      },
    });
  });

  it('makes every limit a positive integer, as the runner demands', () => {
    const limits = { ...DEFAULT_LIMITS, timeoutSeconds: 0.1 };
    const { limits: written } = JSON.parse(encodeRunMessage('', 'run', limits, 1).toString('utf8')) as {
      limits: Record<string, number>;
    };
    for (const value of Object.values(written)) {
      expect(Number.isSafeInteger(value) && value > 0).toBe(true);
    }
  });

  it('keeps an unpaired surrogate apart from the character that would replace it', () => {
    const payload = encodeRunMessage('"\ud800"', 'run', DEFAULT_LIMITS, 1).toString('utf8');
    expect((JSON.parse(payload) as { script: string }).script).toBe('"\ud800"');
  });
});

describe('parseEndedMessage', () => {
  const measures = { runMs: 1.5, cpuMs: 2, peakMemoryBytes: 0 };

  it.each(RUN_CAUSES)('knows the cause %s', (cause) => {
    const body = { cause, detail: null, exitCode: null, signal: null, ...measures };
    expect(parseEndedMessage(json(body))).toEqual(body);
  });

  it('leaves the measures out when the script never started', () => {
    const body = { cause: 'not-started', detail: 'no', exitCode: null, signal: null };
    expect(parseEndedMessage(json(body))).toEqual(body);
  });

  it.each([-1, '1', null, true, [1]])('does not take %j for a measure', (runMs) => {
    expect(parseEndedMessage(json({ cause: 'outcome', ...measures, runMs }))).not.toHaveProperty('runMs');
  });

  it('takes missing and wrong fields for null, and drops unknown ones', () => {
    const body = { cause: 'exited', detail: 1, exitCode: '3', unknown: true };
    expect(parseEndedMessage(json(body))).toEqual({
      cause: 'exited',
      detail: null,
      exitCode: null,
      signal: null,
    });
  });

  it.each(['done', '', null, 1, undefined])('refuses the cause %j', (cause) => {
    expect(() => parseEndedMessage(json({ cause }))).toThrow(MessageError);
  });

  it.each(['', 'null', '[]', '"outcome"', '1', '{', '{"cause":"outcome"} x'])(
    'refuses the payload %s',
    (text) => {
      expect(() => parseEndedMessage(Buffer.from(text))).toThrow(MessageError);
    },
  );
});

describe('parseFailureMessage', () => {
  it('takes every field', () => {
    const body = {
      code: 'SCRIPT_ERROR',
      message: 'ValueError: no',
      line: 2,
      column: 5,
      traceback: 'Traceback',
    };
    expect(parseFailureMessage(json(body))).toEqual(body);
  });

  it.each([
    'SYNTAX_ERROR',
    'MAIN_MISSING',
    'SCRIPT_ERROR',
    'SCRIPT_EXITED',
    'MEMORY_LIMIT',
    'RESULT_TOO_LARGE',
    'RESULT_NOT_SERIALIZABLE',
  ])('believes a run that says %s of itself', (code) => {
    expect(parseFailureMessage(json({ code, message: '' }))).toEqual({ code, message: '' });
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
  ])('does not believe a run that says %j of itself', (code) => {
    expect(() => parseFailureMessage(json({ code, message: 'm' }))).toThrow(MessageError);
  });

  it.each([0, -1, 1.5, '2', null, true, 2 ** 53, {}])('drops %j as a line and a column', (position) => {
    const body = { code: 'SCRIPT_ERROR', message: 'm', line: position, column: position };
    expect(parseFailureMessage(json(body))).toEqual({ code: 'SCRIPT_ERROR', message: 'm' });
  });

  it('drops fields that are not its own', () => {
    const body = {
      code: 'SCRIPT_ERROR',
      message: 'm',
      traceback: 1,
      execution: { id: 'forged' },
      status: 200,
    };
    expect(parseFailureMessage(json(body))).toEqual({ code: 'SCRIPT_ERROR', message: 'm' });
  });

  it.each([undefined, null, 1, {}])('refuses the message %j', (message) => {
    expect(() => parseFailureMessage(json({ code: 'SCRIPT_ERROR', message }))).toThrow(MessageError);
  });

  it('is not led astray by __proto__', () => {
    const text = '{"__proto__":{"code":"SCRIPT_ERROR","message":"m"}}';
    expect(() => parseFailureMessage(Buffer.from(text))).toThrow(MessageError);
  });
});
