import { outcomeOfJob } from './job-outcome';
import { REPORT } from './outcome.contract';
import { programReport } from './program-end';

const ENDED = {
  result: Buffer.from('1.0'),
  facts: JSON.stringify({ execution: REPORT }),
  output: '{"stdout":"out","stderr":"err"}',
};

describe('The outcome of a job, for an interface', () => {
  it('is that of an execution which returned, without its files', async () => {
    expect(await outcomeOfJob(ENDED)).toEqual({
      kind: 'completed',
      resultJson: Buffer.from('1.0'),
      stdout: 'out',
      stderr: 'err',
      artifacts: [],
      execution: REPORT,
    });
  });

  it('is that of one which failed, with what is known of it', async () => {
    const told = { hint: 'h', line: 2, column: 3, traceback: 't', exitCode: 4, signal: 'SIGKILL' };
    const facts = JSON.stringify({ error: 'why', code: 'SCRIPT_ERROR', requestId: 'r', ...told });
    expect(await outcomeOfJob({ ...ENDED, result: null, facts })).toEqual({
      kind: 'failed',
      code: 'SCRIPT_ERROR',
      message: 'why',
      ...told,
      stdout: 'out',
      stderr: 'err',
      artifacts: [],
    });
  });

  it.each([
    ['null', 'null'],
    ['[]', '[1]'],
    ['5', '"x"'],
    ['no JSON', '{"stdout":'],
    ['', ''],
    ['{"error":5,"code":"NONE","line":"x","hint":{},"execution":"fast","exitCode":1.5}', '{"stdout":[]}'],
    ['{"execution":null}', '{"stdout":null,"stderr":1}'],
    ['{"execution":[]}', '{"stdout":"\\ud800"}'],
    ['{"execution":{}}', '{}'],
    ['{"execution":{"timings":null}}', '{}'],
    ['{"execution":{"timings":{"runMs":"1"}}}', '{}'],
    ['{"execution":{"timings":{"runMs":1},"cpuMs":{}}}', '{}'],
  ])('leaves out what is none of ours, such as facts %s and output %s', async (facts, output) => {
    const nothing = {
      kind: 'failed',
      code: 'INTERNAL',
      message: 'Internal error',
      stdout: '',
      stderr: '',
      artifacts: [],
    };
    expect(await outcomeOfJob({ result: null, facts, output })).toEqual(nothing);
    // Without a report of ours there was no execution, whatever the result.
    expect(await outcomeOfJob({ result: Buffer.from('1'), facts, output })).toEqual(nothing);
    expect(programReport(await outcomeOfJob({ result: null, facts, output }))).toBeNull();
  });

  it('serves others while it reads output that is all escapes', async () => {
    const text = '\u0001'.repeat(1024 * 1024);
    let pauses = 0;
    const read = outcomeOfJob({ ...ENDED, output: JSON.stringify({ stdout: text }) }, () => pauses++);
    expect((await read).stdout).toBe(text);
    expect(pauses).toBeGreaterThan(20);
    const gone = outcomeOfJob({ ...ENDED, output: JSON.stringify({ stdout: text }) }, () => {
      throw new Error('gone');
    });
    await expect(gone).rejects.toThrow('gone');
  });
});
