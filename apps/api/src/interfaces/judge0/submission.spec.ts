import { DEFAULT_LIMITS } from '@pycell/contracts';
import { judge0Limits } from './configuration';
import { type FieldErrors, InvalidSubmission, readSubmission, requestOf } from './submission';
import { noteOf, readNote } from './submission-note';

const LIMITS = judge0Limits(DEFAULT_LIMITS);
const MEMORY = { min: 32, max: 512 };
const PROGRAM = { source_code: 'print(1)', language_id: 71 };

const read = (more: object = {}, isBase64 = false) =>
  readSubmission({ ...PROGRAM, ...more }, isBase64, LIMITS, MEMORY);
const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64');

function errorsOf(more: object, isBase64 = false): FieldErrors {
  try {
    read(more, isBase64);
  } catch (error) {
    if (error instanceof InvalidSubmission) {
      return error.errors;
    }
    throw error;
  }
  return {};
}

describe('readSubmission', () => {
  it('has the defaults of what is left out', () => {
    expect(read()).toEqual({
      source_code: 'print(1)',
      language_id: 71,
      stdin: null,
      expected_output: null,
      number_of_runs: 1,
      cpu_time_limit: 10,
      cpu_extra_time: 0,
      wall_time_limit: 10,
      memory_limit: 524_288,
      stack_limit: 64_000,
      max_processes_and_or_threads: 32,
      enable_per_process_and_thread_time_limit: false,
      enable_per_process_and_thread_memory_limit: false,
      max_file_size: 16_384,
      redirect_stderr_to_stdout: false,
      enable_network: false,
    });
  });

  it('reads base64 as leniently as Judge0 does', () => {
    const sent = {
      source_code: `${base64('print("ä")').slice(0, 6)}\n${base64('print("ä")').slice(6)}`,
      stdin: base64('in'),
      expected_output: base64('out').replaceAll('=', ''),
    };
    expect(read(sent, true)).toMatchObject({
      source_code: 'print("ä")',
      stdin: Buffer.from('in'),
      expected_output: Buffer.from('out'),
    });
  });

  it('keeps a byte order mark and line breaks as they are', () => {
    const sent = { source_code: base64('x'), stdin: base64('\ufeffa\r\n') };
    expect(read(sent, true).stdin?.toString()).toBe('\ufeffa\r\n');
  });

  it.each(['71', 92, 100, 109, 113, 10, 25, 31, 33])('knows Python by %p', (id) => {
    expect(read({ language_id: id }).language_id).toBe(Number(id));
  });

  it('takes numbers as texts', () => {
    const numbers = {
      cpu_time_limit: '1.5',
      wall_time_limit: 3,
      memory_limit: '128000',
      number_of_runs: '1',
    };
    expect(read(numbers)).toMatchObject({
      cpu_time_limit: 1.5,
      wall_time_limit: 3,
      memory_limit: 128_000,
      number_of_runs: 1,
    });
  });

  it('takes what is switched off where it is sent as such', () => {
    const off = {
      compiler_options: '',
      command_line_arguments: null,
      callback_url: '',
      additional_files: null,
      enable_network: false,
      enable_per_process_and_thread_time_limit: 'false',
      redirect_stderr_to_stdout: 'true',
    };
    expect(read(off).redirect_stderr_to_stdout).toBe(true);
  });

  it.each([
    [{ source_code: undefined }, { source_code: ["can't be blank"] }],
    [{ source_code: ' \n' }, { source_code: ["can't be blank"] }],
    [{ source_code: 1 }, { source_code: ['must be a text'] }],
    [{ source_code: '\ud800' }, { source_code: ['must be text in UTF-8'] }],
    [{ language_id: null }, { language_id: ["can't be blank"] }],
    [{ number_of_runs: 2 }, { number_of_runs: ['must be less than or equal to 1'] }],
    [{ cpu_time_limit: 0 }, { cpu_time_limit: ['must be greater than 0'] }],
    [{ cpu_time_limit: -1 }, { cpu_time_limit: ['must be greater than 0'] }],
    [{ wall_time_limit: 100_000 }, { wall_time_limit: ['must be less than or equal to 10'] }],
    [{ wall_time_limit: '5 s' }, { wall_time_limit: ['is not a number'] }],
    [{ memory_limit: -1 }, { memory_limit: ['must be greater than 0'] }],
    [{ memory_limit: Infinity }, { memory_limit: ['is not a number'] }],
    [{ memory_limit: '1e309' }, { memory_limit: ['is not a number'] }],
    [{ wall_time_limit: -Infinity }, { wall_time_limit: ['is not a number'] }],
    [{ wall_time_limit: 1e300 }, { wall_time_limit: ['must be less than or equal to 10'] }],
    [{ memory_limit: {} }, { memory_limit: ['is not a number'] }],
    [{ memory_limit: 2_048 }, { memory_limit: ['must be greater than or equal to 32768'] }],
    [
      { command_line_arguments: 'a' },
      {
        command_line_arguments: [
          'setting command line arguments is not allowed: send what the program needs as stdin',
        ],
      },
    ],
    [
      { compiler_options: '-O3' },
      { compiler_options: ['setting compiler options is only allowed for compiled languages'] },
    ],
    [
      { callback_url: 'https://a.example' },
      { callback_url: ['setting callback is not allowed: ask for the submission by its token'] },
    ],
    [{ additional_files: 'UEs=' }, { additional_files: ['setting additional files is not allowed'] }],
    [{ enable_network: true }, { enable_network: ['enabling network is not allowed'] }],
    [
      { enable_per_process_and_thread_time_limit: true },
      { enable_per_process_and_thread_time_limit: ['this option cannot be enabled'] },
    ],
  ])('refuses %p', (more, errors) => {
    expect(errorsOf(more)).toEqual(errors);
  });

  it('names a language that is not there, and no more of it than a person reads', () => {
    expect(errorsOf({ language_id: 63 })['language_id']?.[0]).toMatch(/^language with id 63 doesn't exist/);
    expect(errorsOf({ language_id: 'x'.repeat(1_000) })['language_id']?.[0]?.length).toBeLessThan(200);
    expect(errorsOf({ language_id: [71] })).toHaveProperty('language_id');
  });

  it('has an answer for members that are no texts, however deep', () => {
    const deep = JSON.parse(`${'['.repeat(19_000)}${']'.repeat(19_000)}`) as unknown;
    const odd = { toString: 1, valueOf: 1 };
    for (const value of [deep, odd]) {
      for (const name of [
        'source_code',
        'language_id',
        'stdin',
        'expected_output',
        'wall_time_limit',
        'command_line_arguments',
        'callback_url',
        'enable_network',
      ]) {
        expect(errorsOf({ [name]: value })).toHaveProperty(name);
      }
      expect(read({ redirect_stderr_to_stdout: value }).redirect_stderr_to_stdout).toBe(true);
    }
  });

  it('tells all that is wrong at once', () => {
    expect(Object.keys(errorsOf({ source_code: null, language_id: null, stack_limit: 'x' }))).toEqual([
      'source_code',
      'language_id',
      'stack_limit',
    ]);
  });

  it('refuses base64 of what is no text', () => {
    const sent = { source_code: base64('x'), stdin: base64(Buffer.from([255])) };
    expect(errorsOf(sent, true)).toEqual({
      stdin: ['must be text in UTF-8'],
    });
  });

  it.each([null, [], 'x'])('takes %p for a submission without anything', (body) => {
    expect(() => readSubmission(body, false, LIMITS, MEMORY)).toThrow(InvalidSubmission);
  });
});

describe('requestOf', () => {
  it('has the source run as a program, within wall time and memory', () => {
    const submission = read({ stdin: 'in', wall_time_limit: 2.5, cpu_time_limit: 1, memory_limit: 128_000 });
    expect(requestOf(submission, { min: 1, max: 10_000 })).toEqual({
      script: 'print(1)',
      mode: 'script',
      stdin: Buffer.from('in'),
      limits: { timeoutMs: 2_500, memoryMb: 125 },
    });
  });
});

describe('A note', () => {
  it('brings a submission back', () => {
    const submission = read({ stdin: 'in', expected_output: 'ä\u2028' });
    expect(readNote(noteOf(submission))).toEqual(submission);
  });

  it('is none where its texts alone are longer than notes may be', () => {
    const large = read({ stdin: 'x'.repeat(600_000), expected_output: 'x'.repeat(600_000) });
    expect(() => noteOf(large)).toThrow(/takes 1200008 bytes, the limit is \d+: send less/);
  });

  it.each(['', '{', 'null', '[]', '{}', '{"source_code":1}'])('is none of ours where it is %p', (note) => {
    expect(readNote(note)).toBeNull();
  });
});
