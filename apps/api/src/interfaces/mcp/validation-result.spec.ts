import { parseExactly } from '../door/exact-numbers';
import type { ForeignValidation } from '../door/interface-executions';
import { Splices } from './spliced-text';
import { validationResult } from './validation-result';

const DIGITS = '123456789012345678901234567890';

function answerTo(validation: ForeignValidation): string {
  const splices = new Splices();
  const result = validationResult(validation, splices);
  return Buffer.concat(splices.into(JSON.stringify(result))).toString();
}

describe('validationResult', () => {
  it('has every digit of a default, as an object and as its text', () => {
    const json = `{"valid":true,"violations":[],"syntaxError":null,"imports":{"known":[],"missing":[]},"main":{"n":[${DIGITS},1.0]}}`;
    const description = parseExactly(json) as (ForeignValidation & { kind: 'described' })['description'];
    expect(answerTo({ kind: 'described', description })).toBe(
      `{"content":[{"type":"text","text":${JSON.stringify(json)}}],"structuredContent":${json},"isError":false}`,
    );
  });

  it('is an error where the script could not be looked at', () => {
    const failure = {
      kind: 'failed',
      code: 'SANDBOX_BUSY',
      message: 'busy',
      stdout: '',
      stderr: '',
      artifacts: [],
    } as const;
    const { isError, structuredContent } = JSON.parse(answerTo(failure)) as Record<string, unknown>;
    expect([isError, structuredContent]).toMatchObject([
      true,
      { valid: false, error: { code: 'SANDBOX_BUSY' } },
    ]);
  });
});
