import { withSchemaFaultsTold } from './schema-faults';

const ISSUES = JSON.stringify([
  { expected: 'string', code: 'invalid_type', path: ['params', 'protocolVersion'], message: 'Invalid input' },
  { code: 'invalid_union', path: [], message: 'Invalid input' },
]);

function answered(message: string, code = -32603): string {
  return JSON.stringify({ jsonrpc: '2.0', id: 7, error: { code, message } });
}

const TOLD = {
  jsonrpc: '2.0',
  id: 7,
  error: {
    code: -32602,
    message: 'Invalid params: not as the method has it, or missing: params.protocolVersion (string), message',
  },
};

describe('withSchemaFaultsTold', () => {
  it('tells what the schemas of the SDK refuse in a sentence, as a wrong request', () => {
    expect(JSON.parse(withSchemaFaultsTold(answered(ISSUES)))).toEqual(TOLD);
  });

  it('does so where it stands behind some words', () => {
    expect(
      JSON.parse(withSchemaFaultsTold(answered(`Invalid tools/call request: ${ISSUES}`, -32602))),
    ).toEqual(TOLD);
  });

  it('does so in a batch, and leaves its other answers', () => {
    const other = { jsonrpc: '2.0', id: 1, result: {} };
    const batch = `[${answered(ISSUES)},${JSON.stringify(other)}]`;
    expect(JSON.parse(withSchemaFaultsTold(batch))).toEqual([TOLD, other]);
  });

  it.each([
    ['a sentence', answered('Internal error')],
    ['JSON that is no list of issues', answered('[1]')],
    ['a sentence of ours', answered('There is no tool "[x"', -32602)],
    ['an error of another code', answered(ISSUES, -32000)],
    ['a result that has the number', '{"jsonrpc":"2.0","id":1,"result":{"code":-32603}}'],
    ['no error', '{"jsonrpc":"2.0","id":1,"result":{}}'],
  ])('leaves %s', (_what, text) => {
    expect(withSchemaFaultsTold(text)).toBe(text);
  });
});
