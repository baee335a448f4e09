import { executionBody } from './execution-body';

const EXECUTION = {
  id: 'e',
  isolation: 'nsjail-per-run',
  durationMs: 1,
  limits: { timeoutMs: 1, memoryMb: 16 },
  timings: { queueMs: 0, policyMs: 0, startMs: 0, runMs: 0, resultMs: 1 },
} as const;

describe('executionBody', () => {
  it('splices the result in as Python wrote it: digits, spelling of floats and spaces survive', () => {
    const resultJson = Buffer.from(
      '{"big": 1606938044258990275541962092341162602522202993782792835301376, "f": 1e22}',
    );
    const pieces = executionBody({
      resultJson,
      stdout: '"',
      stderr: '\u2028',
      artifacts: [],
      execution: EXECUTION,
    });
    expect(pieces).toContain(resultJson);
    const body = Buffer.concat(pieces).toString();
    expect(body.startsWith(`{"result":${resultJson.toString()},"stdout":"\\""`)).toBe(true);
    expect(JSON.parse(body)).toMatchObject({ stdout: '"', stderr: '\u2028', execution: EXECUTION });
  });
});
