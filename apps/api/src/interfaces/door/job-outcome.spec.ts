import { outcomeOfJob } from './job-outcome';
import { REPORT } from './outcome.contract';

const ENDED = {
  httpStatus: 200,
  result: Buffer.from('1.0'),
  facts: JSON.stringify({ execution: REPORT }),
  output: '{"stdout":"out","stderr":"err"}',
  artifacts: ['{"name":"a.txt","mediaType":"text/plain","sizeBytes":1,"base64":"YQ=="}'],
};
const ARTIFACT = { name: 'a.txt', contentType: 'text/plain', bytes: Buffer.from('a') };

describe('The outcome of a job, for an interface', () => {
  it('is that of an execution which returned', () => {
    expect(outcomeOfJob(ENDED)).toEqual({
      kind: 'completed',
      resultJson: Buffer.from('1.0'),
      stdout: 'out',
      stderr: 'err',
      artifacts: [ARTIFACT],
      execution: REPORT,
    });
  });

  it('is that of one which failed, with what is known of it', () => {
    const told = { hint: 'h', line: 2, column: 3, traceback: 't', exitCode: 4, signal: 'SIGKILL' };
    const facts = JSON.stringify({ error: 'why', code: 'SCRIPT_ERROR', requestId: 'r', ...told });
    expect(outcomeOfJob({ ...ENDED, httpStatus: 422, result: null, facts })).toEqual({
      kind: 'failed',
      code: 'SCRIPT_ERROR',
      message: 'why',
      ...told,
      stdout: 'out',
      stderr: 'err',
      artifacts: [ARTIFACT],
    });
  });

  it('leaves out what is none of ours: whoever can write to Redis can have written it', () => {
    const facts = JSON.stringify({
      error: 5,
      code: 'NONE',
      line: 'x',
      hint: {},
      execution: 'fast',
      exitCode: 1.5,
    });
    expect(
      outcomeOfJob({ ...ENDED, result: null, facts, output: '{"stdout":[]}', artifacts: ['{"name":{}}'] }),
    ).toEqual({
      kind: 'failed',
      code: 'INTERNAL',
      message: 'Internal error',
      stdout: '',
      stderr: '',
      artifacts: [{ name: '', contentType: 'application/octet-stream', bytes: Buffer.alloc(0) }],
    });
  });
});
