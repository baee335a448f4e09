import { DEFAULT_LIMITS } from '@pycell/contracts';
import { completed } from '../door/outcomes.contract';
import { atOnce } from '../door/slices.contract';
import { decoded, encoded } from './base64';
import { judge0Limits } from './configuration';
import { readSubmission } from './submission';
import { resultOf } from './submission-result';
import { fieldsOf, InvalidFields, type KnownSubmission, viewOf } from './submission-view';

const submission = readSubmission(
  { source_code: 'print(input())', language_id: 71, stdin: 'a', cpu_time_limit: 1.5 },
  false,
  judge0Limits(DEFAULT_LIMITS),
  { min: 32, max: 512 },
);
const KNOWN: KnownSubmission = {
  token: '7fe20ca2-d3e1-4cd2-aeed-74282d54b2fd',
  submission,
  status: 3,
  createdAt: 0,
  finishedAt: 14,
  result: resultOf(completed('a\n'), submission),
};

describe('viewOf', () => {
  it('tells by itself what Judge0 tells by itself', () => {
    expect(atOnce(viewOf(KNOWN, fieldsOf(undefined), false, '3.13.1'))).toEqual({
      stdout: 'a\n',
      time: '0.012',
      memory: 2_930,
      stderr: null,
      token: KNOWN.token,
      compile_output: null,
      message: null,
      status: { id: 3, description: 'Accepted' },
    });
  });

  it('tells all of it where it is asked for', () => {
    expect(atOnce(viewOf(KNOWN, fieldsOf('*'), true, '3.13.1'))).toMatchObject({
      source_code: 'cHJpbnQoaW5wdXQoKSk=\n',
      stdin: 'YQ==\n',
      stdout: 'YQo=\n',
      stderr: null,
      language_id: 71,
      status_id: 3,
      language: { id: 71, name: 'Python (3.13.1)' },
      created_at: '1970-01-01T00:00:00.000Z',
      finished_at: '1970-01-01T00:00:00.014Z',
      cpu_time_limit: '1.5',
      wall_time_limit: '10.0',
      exit_code: 0,
      number_of_runs: 1,
    });
  });

  it('has nothing of one that has not ended', () => {
    const waiting = { ...KNOWN, status: 1 as const, finishedAt: null, result: null };
    expect(atOnce(viewOf(waiting, fieldsOf('status,stdout,finished_at,exit_code'), false, null))).toEqual({
      status: { id: 1, description: 'In Queue' },
      stdout: null,
      finished_at: null,
      exit_code: null,
    });
  });
});

describe('fieldsOf', () => {
  it.each([undefined, '', ',', ['stdout']])('takes %p for none', (asked) => {
    expect(fieldsOf(asked)).toHaveLength(8);
  });

  it('names those that there are not', () => {
    expect(() => fieldsOf('stdout,bogus,constructor')).toThrow(
      new InvalidFields('invalid fields: [bogus, constructor]'),
    );
    expect(() => fieldsOf('x'.repeat(100_000))).toThrow(InvalidFields);
  });
});

describe('Base64', () => {
  it('has lines of sixty characters, each with its end, as Ruby writes it', () => {
    expect(atOnce(encoded('a'.repeat(46)))).toBe(`${'YWFh'.repeat(15)}\nYQ==\n`);
    expect(atOnce(encoded(''))).toBe('');
  });

  it('is made in slices, whose borders are not seen', () => {
    const bytes = Buffer.from('äb'.repeat(100_001));
    const slices = [...encoded(bytes)];
    expect(slices).toHaveLength(3);
    const lines = bytes.toString('base64').match(/.{1,60}/g) ?? [];
    expect(atOnce(encoded(bytes))).toBe(lines.map((line) => `${line}\n`).join(''));
  });

  it('brings every text back', () => {
    for (const text of ['', 'a', 'ä\u2028😀', '\ufeffx', 'x\r\n'.repeat(100)]) {
      expect(decoded(Buffer.from(atOnce(encoded(text))))?.toString()).toBe(text);
    }
    expect(decoded(Buffer.from('/w=='))).toBeNull();
  });
});
