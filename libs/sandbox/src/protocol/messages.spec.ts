import { DEFAULT_LIMITS, FIXED_LIMITS } from '@pycell/contracts';
import { MessageError } from './message-error';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  encodeLimits,
  encodeRun,
  encodeStart,
  parseEndedMessage,
  parseHelloProtocol,
  parseLostMessage,
  parseReadyMessage,
  parseZygoteMessage,
  ZYGOTE_KINDS,
} from './messages';
import { decodeSections } from './sections';
import { plainRun, type RunMode, runModeOf } from '../run/run';

const RUNNER = join(__dirname, '../../../../apps/runner/pycell_runner');

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

const LIMITS = { ...DEFAULT_LIMITS, timeoutSeconds: 1.5, memoryLimitMb: 2, tmpSizeMb: 3 };

describe('encodeLimits', () => {
  it('writes the limits in the units of docs/protocol.md', () => {
    expect(JSON.parse(encodeLimits(LIMITS, 4))).toEqual({
      timeoutMs: 1500,
      memoryBytes: 2 * 1024 * 1024,
      files: DEFAULT_LIMITS.maxFiles,
      artifactBytes: DEFAULT_LIMITS.maxArtifactBytes,
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

describe('encodeStart', () => {
  it('writes the deadline of the run', () => {
    expect(JSON.parse(encodeStart(LIMITS).toString())).toEqual({ timeoutMs: 1500 });
  });
});

function runParts(script: string, mode: RunMode) {
  const payload = Buffer.concat(encodeRun(plainRun(script, mode)));
  const { head, sections } = decodeSections(payload, 'RUN', ['script'], payload.length);
  return { mode: head['mode'], script: sections.get('script') };
}

describe('encodeRun', () => {
  it('writes the script and what to do with it, in UTF-8', () => {
    expect(runParts('x = "é"', 'function')).toEqual({ mode: 'function', script: Buffer.from('x = "é"') });
    expect(runParts('', 'compile')).toEqual({ mode: 'compile', script: Buffer.alloc(0) });
  });

  it('says what is wanted of a script, where its mode is that of what is wanted', () => {
    expect(runModeOf({ mode: 'script', manner: 'program' })).toBe('program');
    expect(runModeOf({ mode: 'function', manner: 'component' })).toBe('component');
    expect(runModeOf({ mode: 'function', manner: 'program' })).toBe('function');
    expect(runModeOf({ mode: 'script', manner: 'component' })).toBe('script');
    expect(runModeOf({ mode: 'script' })).toBe('script');
    const known = readFileSync(`${RUNNER}/protocol/request.py`, 'utf8');
    for (const mode of ['program', 'component'] as const) {
      expect(runParts('x', mode).mode).toBe(mode);
      expect(known).toContain(`"${mode}": "${mode}"`);
    }
  });

  it('begins as the runner expects of a plain script, which spares it the decoder of JSON', () => {
    const head = '{"mode":"function","sections":[["script",1]]}';
    const expected = Buffer.concat([Buffer.from([0, 0, 0, head.length]), Buffer.from(`${head}x`)]);
    expect(Buffer.concat(encodeRun(plainRun('x')))).toEqual(expected);
    const requests = readFileSync(`${RUNNER}/protocol/request.py`, 'utf8');
    expect(requests).toContain(head.replace('1', '%d'));
  });

  it('writes what comes with a script behind it, files one after the other', () => {
    const run = {
      ...plainRun('x', 'script'),
      inputs: Buffer.from('{"n":1.0}'),
      stdin: Buffer.alloc(0),
      files: [
        { name: 'a', bytes: Buffer.from('12') },
        { name: 'd/b', bytes: Buffer.from('3') },
      ],
      limits: { memoryMb: 2, timeoutMs: 5 },
    };
    const payload = Buffer.concat(encodeRun(run));
    const known = ['script', 'inputs', 'stdin', 'files'];
    const { head, sections } = decodeSections(payload, 'RUN', known, payload.length);
    expect(head).toMatchObject({
      mode: 'script',
      memoryBytes: 2 * 1024 * 1024,
      files: [
        ['a', 2],
        ['d/b', 1],
      ],
    });
    expect([...sections].map(([name, bytes]) => [name, bytes.toString()])).toEqual([
      ['script', 'x'],
      ['inputs', '{"n":1.0}'],
      ['stdin', ''],
      ['files', '123'],
    ]);
  });

  it.each(['"\ud800"', '\udfff', '😀\udc00é\ud83d'])('keeps unpaired surrogates: %j', (script) => {
    const bytes = [...(runParts(script, 'function').script ?? [])];
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
    expect(parseHelloProtocol(json({ protocol: 5, python: '3.11.7' }))).toBe(5);
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
    const body = { residentBytes: 1000, sharedBytes: 500, cpuMs: 0.5 };
    expect(parseReadyMessage(json({ ...body, more: true }))).toEqual(body);
    expect(parseReadyMessage(json({ residentBytes: 1, cpuMs: 0 })).sharedBytes).toBe(0);
  });

  it.each([
    {},
    { residentBytes: 1 },
    { residentBytes: '1', cpuMs: 1 },
    { residentBytes: 1, cpuMs: -1 },
    { residentBytes: 1, sharedBytes: '1', cpuMs: 1 },
    null,
  ])('refuses the payload %j', (body) => {
    expect(() => parseReadyMessage(json(body))).toThrow(MessageError);
  });
});

describe('parseLostMessage', () => {
  it.each(ZYGOTE_KINDS)('reads that the zygote %s has died', (kind) => {
    expect(parseLostMessage(json({ kind, more: 1 }))).toBe(kind);
  });

  it.each([{}, { kind: 'other' }, { kind: 1 }, [], null])('refuses the payload %j', (body) => {
    expect(() => parseLostMessage(json(body))).toThrow(MessageError);
  });
});

describe('parseZygoteMessage', () => {
  it.each(ZYGOTE_KINDS)('knows the kind %s', (kind) => {
    expect(parseZygoteMessage(json({ kind, modules: ['numpy'], figures: ['PIL'] }))).toEqual({
      kind,
      modules: ['numpy'],
      figures: ['PIL'],
      settled: true,
      zygotes: { immortalObjects: false, memorySnapshot: false },
    });
  });

  it('reads that one serves before it has settled its memory', () => {
    const told = { kind: 'figures', modules: [], figures: [], settled: false };
    expect(parseZygoteMessage(json(told)).settled).toBe(false);
  });

  it('reads what makes forks cheap', () => {
    const told = { kind: 'bare', modules: [], figures: [], immortal: true, snapshot: true };
    const { zygotes } = parseZygoteMessage(json(told));
    expect(zygotes).toEqual({ immortalObjects: true, memorySnapshot: true });
  });

  it.each([
    {},
    { kind: 'bare' },
    { kind: 'bare', modules: [] },
    { kind: 'other', modules: [], figures: [] },
    { kind: 'toString', modules: [], figures: [] },
    { kind: 'bare', modules: 'numpy', figures: [] },
    { kind: 'bare', modules: ['numpy', 1], figures: [] },
    { kind: 'bare', modules: [], figures: [1] },
  ])('refuses the payload %j', (body) => {
    expect(() => parseZygoteMessage(json(body))).toThrow(MessageError);
  });
});

describe('parseEndedMessage', () => {
  const measures = { runMs: 1.5, cpuMs: 2, peakResidentBytes: 0 };

  it.each(['OK', 'SCRIPT_EXITED', 'SCRIPT_CRASHED', 'TIMEOUT', 'OUTPUT_LIMIT', 'CANCELLED'])(
    'knows the status %s',
    (status) => {
      const body = { status, exitCode: null, signal: null, ...measures };
      expect(parseEndedMessage(json(body))).toEqual(body);
    },
  );

  it('reads exit code and signal', () => {
    expect(parseEndedMessage(json({ status: 'SCRIPT_EXITED', exitCode: 3, signal: null }))).toMatchObject({
      exitCode: 3,
    });
    const killed = { status: 'SCRIPT_CRASHED', exitCode: null, signal: 'SIGSEGV' };
    expect(parseEndedMessage(json(killed))).toMatchObject({ signal: 'SIGSEGV' });
  });

  it('leaves out measures that were not taken', () => {
    const body = { status: 'SCRIPT_EXITED', exitCode: 1, signal: null };
    expect(parseEndedMessage(json(body))).toEqual(body);
  });

  it.each([-1, '1', null, true, [1]])('does not take %j for a measure', (runMs) => {
    expect(parseEndedMessage(json({ status: 'OK', ...measures, runMs }))).not.toHaveProperty('runMs');
  });

  it('takes missing and wrong fields for null, and drops unknown ones', () => {
    const body = { status: 'SCRIPT_EXITED', exitCode: '3', unknown: true };
    expect(parseEndedMessage(json(body))).toEqual({ status: 'SCRIPT_EXITED', exitCode: null, signal: null });
  });

  it.each(['done', 'SCRIPT_ERROR', 'INTERNAL', 'toString', '', null, 1, undefined])(
    'refuses the status %j',
    (status) => {
      expect(() => parseEndedMessage(json({ status }))).toThrow(MessageError);
    },
  );

  it.each(['', 'null', '[]', '"OK"', '1', '{', '{"status":"OK"} x'])('refuses the payload %s', (text) => {
    expect(() => parseEndedMessage(Buffer.from(text))).toThrow(MessageError);
  });
});
