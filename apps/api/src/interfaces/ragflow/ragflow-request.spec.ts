import { BodyBytes } from '../door/foreign-bodies';
import { goldenRequests } from '../door/golden.contract';
import { ragflowRequestOf } from './ragflow-request';

const encoded = (code: string): string => Buffer.from(code).toString('base64');

describe('What RAGFlow sends', () => {
  it.each(
    goldenRequests(__dirname)
      .filter(({ answer }) => answer.status === 200)
      .map((golden) => [golden.file, golden]),
  )('is a script whose main() is called: %s', (_file, { body }) => {
    const inputs = Buffer.from(JSON.stringify(body['arguments']));
    const read = ragflowRequestOf({ ...body, arguments: new BodyBytes(inputs) });
    expect(read).toEqual({
      script: Buffer.from(body['code_b64'] as string, 'base64').toString('utf8'),
      mode: 'function',
      inputs,
    });
  });

  it('is Python without arguments where nothing is said', () => {
    expect(ragflowRequestOf({ code_b64: encoded('print("é")') })).toEqual({
      script: 'print("é")',
      mode: 'function',
    });
  });

  it.each([
    ['language', { code_b64: encoded('x'), language: 'nodejs' }],
    ['arguments', { code_b64: encoded('x'), arguments: [] }],
    ['code_b64', { language: 'python' }],
    ['code_b64', { code_b64: 'not base64!' }],
    ['code_b64', { code_b64: 'eA' }],
    ['code_b64', { code_b64: Buffer.from([0xff, 0xfe, 0x00]).toString('base64') }],
  ])('is refused by the name of the member that is wrong: %s', (field, body) => {
    expect(ragflowRequestOf(body)).toMatchObject({ field });
  });
});
