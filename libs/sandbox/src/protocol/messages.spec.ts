import { DEFAULT_LIMITS, FIXED_LIMITS } from '@pycell/contracts';
import {
  encodeLimits,
  encodeRunMessage,
  MessageError,
  parseEndedMessage,
  parseFailureMessage,
  parseHelloProtocol,
  parseReadyMessage,
  parseZygoteMessage,
  RUN_CAUSES,
  ZYGOTE_KINDS,
} from './messages';

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

const LIMITS = { ...DEFAULT_LIMITS, timeoutSeconds: 1.5, memoryLimitMb: 2, tmpSizeMb: 3 };

describe('encodeLimits', () => {
  it('writes the limits in the units of docs/protocol.md', () => {
    expect(JSON.parse(encodeLimits(LIMITS, 4))).toEqual({
      timeoutMs: 1500,
      memoryBytes: 2 * 1024 * 1024,
      outputBytes: DEFAULT_LIMITS.maxOutputBytes,
      resultBytes: DEFAULT_LIMITS.maxResultBytes,
      resultDepth: FIXED_LIMITS.resultDepth,
      openFiles: DEFAULT_LIMITS.maxOpenFiles,
      fileBytes: 3 * 1024 * 1024,
      cpuSeconds: 12,
      threads: DEFAULT_LIMITS.maxThreads,
    });
  });

  it('makes every limit a positive integer, as the runner demands', () => {
    const written = JSON.parse(encodeLimits({ ...LIMITS, timeoutSeconds: 0.1 }, 1)) as Record<string, number>;
    expect(Object.values(written).filter((value) => !Number.isSafeInteger(value) || value <= 0)).toEqual([]);
  });
});

describe('encodeRunMessage', () => {
  it('writes the script and what to do with it, in UTF-8', () => {
    expect(encodeRunMessage('x = "é"', 'run')).toEqual(Buffer.from('\0x = "é"'));
    expect(encodeRunMessage('', 'compile')).toEqual(Buffer.from([1]));
  });

  it.each(['"\ud800"', '\udfff', '😀\udc00é\ud83d'])('keeps unpaired surrogates: %j', (script) => {
    const bytes = [...encodeRunMessage(script, 'run').subarray(1)];
    const latin = bytes.map((byte) => String.fromCharCode(byte)).join('');
    // What three bytes of the form 1110xxxx 10xxxxxx 10xxxxxx stand for, whichever character that is.
    const kept = latin.match(/\xed[\xa0-\xbf][\x80-\xbf]/g)?.map((three) => {
      const [, middle = 0, last = 0] = Array.from(three, (byte) => byte.charCodeAt(0));
      return String.fromCharCode(0xd000 | ((middle & 0x3f) << 6) | (last & 0x3f));
    });
    expect(kept).toEqual(script.match(/\p{Surrogate}/gu));
    expect(Buffer.from(latin.replace(/\xed[\xa0-\xbf]./g, ''), 'latin1').toString()).toBe(
      script.replace(/\p{Surrogate}/gu, ''),
    );
  });
});

describe('parseHelloProtocol', () => {
  it('reads the version', () => {
    expect(parseHelloProtocol(json({ protocol: 3, python: '3.11.7' }))).toBe(3);
  });

  it.each(['', '{}', '[2]', '2', '{"protocol":"2"}', '{"protocol":null}'])(
    'refuses the payload %s',
    (text) => {
      expect(() => parseHelloProtocol(Buffer.from(text))).toThrow(MessageError);
    },
  );
});

describe('parseReadyMessage', () => {
  it('reads what the spare has used up, and drops the rest', () => {
    const body = { residentBytes: 1000, cpuMs: 0.5 };
    expect(parseReadyMessage(json({ ...body, more: true }))).toEqual(body);
  });

  it.each([
    {},
    { residentBytes: 1 },
    { residentBytes: '1', cpuMs: 1 },
    { residentBytes: 1, cpuMs: -1 },
    null,
  ])('refuses the payload %j', (body) => {
    expect(() => parseReadyMessage(json(body))).toThrow(MessageError);
  });
});

describe('parseZygoteMessage', () => {
  it.each(ZYGOTE_KINDS)('knows the kind %s', (kind) => {
    expect(parseZygoteMessage(json({ kind, modules: ['numpy'] }))).toEqual({ kind, modules: ['numpy'] });
  });

  it.each([
    {},
    { kind: 'bare' },
    { kind: 'other', modules: [] },
    { kind: 'toString', modules: [] },
    { kind: 'bare', modules: 'numpy' },
    { kind: 'bare', modules: ['numpy', 1] },
  ])('refuses the payload %j', (body) => {
    expect(() => parseZygoteMessage(json(body))).toThrow(MessageError);
  });
});

describe('parseEndedMessage', () => {
  const measures = { runMs: 1.5, cpuMs: 2, peakResidentBytes: 0 };

  it.each(RUN_CAUSES)('knows the cause %s', (cause) => {
    const body = { cause, exitCode: null, signal: null, ...measures };
    expect(parseEndedMessage(json(body))).toEqual(body);
  });

  it('reads exit code and signal', () => {
    expect(parseEndedMessage(json({ cause: 'exited', exitCode: 3, signal: null }))).toMatchObject({
      exitCode: 3,
    });
    const killed = { cause: 'signalled', exitCode: null, signal: 'SIGSEGV' };
    expect(parseEndedMessage(json(killed))).toMatchObject({ signal: 'SIGSEGV' });
  });

  it('leaves out measures that were not taken', () => {
    const body = { cause: 'exited', exitCode: 1, signal: null };
    expect(parseEndedMessage(json(body))).toEqual(body);
  });

  it.each([-1, '1', null, true, [1]])('does not take %j for a measure', (runMs) => {
    expect(parseEndedMessage(json({ cause: 'finished', ...measures, runMs }))).not.toHaveProperty('runMs');
  });

  it('takes missing and wrong fields for null, and drops unknown ones', () => {
    const body = { cause: 'exited', exitCode: '3', unknown: true };
    expect(parseEndedMessage(json(body))).toEqual({ cause: 'exited', exitCode: null, signal: null });
  });

  it.each(['done', 'outcome', '', null, 1, undefined])('refuses the cause %j', (cause) => {
    expect(() => parseEndedMessage(json({ cause }))).toThrow(MessageError);
  });

  it.each(['', 'null', '[]', '"finished"', '1', '{', '{"cause":"finished"} x'])(
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
