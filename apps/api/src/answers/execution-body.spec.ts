import { executionBody } from './execution-body';

const EXECUTION = {
  id: 'e',
  isolation: 'nsjail-per-run',
  durationMs: 1,
  limits: { timeoutMs: 1, memoryMb: 16 },
  timings: { queueMs: 0, policyMs: 0, startMs: 0, runMs: 0, resultMs: 1 },
} as const;

describe('executionBody', () => {
  it('splices the result in as Python wrote it: digits, spelling of floats and spaces survive', async () => {
    const resultJson = Buffer.from(
      '{"big": 1606938044258990275541962092341162602522202993782792835301376, "f": 1e22}',
    );
    const pieces = await executionBody({
      resultJson,
      stdout: '"',
      stderr: '\u2028',
      artifacts: [],
      execution: EXECUTION,
    });
    expect(pieces).toContain(resultJson);
    const body = Buffer.concat(pieces).toString();
    expect(body.startsWith(`{"result":${resultJson.toString()},"stdout":"\\""`)).toBe(true);
    expect(JSON.parse(body)).toEqual({
      result: expect.anything() as unknown,
      stdout: '"',
      stderr: '\u2028',
      artifacts: [],
      execution: EXECUTION,
    });
  });

  it.each([0, 1, 2, 3, 786_431, 786_432, 786_433, 2_000_000])('tells artifacts of %d bytes', async (size) => {
    const bytes = Buffer.alloc(size, 'pycell');
    const artifacts = [
      { name: 'a"b.csv', bytes },
      { name: 'c', bytes: Buffer.from('x') },
    ];
    const body = Buffer.concat(
      await executionBody({
        resultJson: Buffer.from('1'),
        stdout: '',
        stderr: '',
        artifacts,
        execution: EXECUTION,
      }),
    );
    expect(JSON.parse(body.toString())).toEqual({
      result: 1,
      stdout: '',
      stderr: '',
      artifacts: [
        { name: 'a"b.csv', mediaType: 'text/csv', sizeBytes: size, base64: bytes.toString('base64') },
        { name: 'c', mediaType: 'application/octet-stream', sizeBytes: 1, base64: 'eA==' },
      ],
      execution: EXECUTION,
    });
  });
});
