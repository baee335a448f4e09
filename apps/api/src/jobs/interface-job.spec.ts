import { plainRequest } from '@pycell/sandbox';
import { interfaceBody, partsOfJob } from './interface-job';

describe('The body of a job that came to an interface', () => {
  it('is that of a request to execute, and the name', () => {
    const request = {
      ...plainRequest('print("é")'),
      mode: 'script' as const,
      inputs: Buffer.from('{"n":12345678901234567890}'),
      stdin: Buffer.from('a line\n'),
      files: [{ name: 'a/b.bin', bytes: Buffer.from([0, 255]) }],
      limits: { timeoutMs: 500 },
    };
    const { interfaceName, body } = partsOfJob(interfaceBody(request, 'judge0'));
    expect(interfaceName).toBe('judge0');
    expect(body.toString('utf8')).toContain('"inputs":{"n":12345678901234567890}');
    expect(JSON.parse(body.toString('utf8'))).toMatchObject({
      script: 'print("é")',
      mode: 'script',
      stdin: 'a line\n',
      files: [{ name: 'a/b.bin', base64: 'AP8=' }],
      limits: { timeoutMs: 500 },
    });
  });

  it('is told from one that came to our own API, however alike', () => {
    for (const text of [
      '{"script":"x"}',
      '{ "interface":"judge0","script":"x"}',
      '{"interface":"JUDGE0","script":"x"}',
      '{"interface":"judge0"}',
      '',
    ]) {
      const body = Buffer.from(text);
      expect(partsOfJob(body)).toEqual({ interfaceName: null, body });
    }
  });
});
