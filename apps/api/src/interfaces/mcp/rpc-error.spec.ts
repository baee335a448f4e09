import { rpcErrorOf } from './rpc-error';

describe('rpcErrorOf', () => {
  it.each([
    ['UNAUTHENTICATED', 401, -32000],
    ['RATE_LIMITED', 429, -32000],
    ['METHOD_NOT_ALLOWED', 405, -32000],
    ['PAYLOAD_TOO_LARGE', 413, -32600],
    ['INVALID_REQUEST', 400, -32600],
    ['INTERNAL', 500, -32603],
  ] as const)('says %s in the form of JSON-RPC, with its status', (code, httpStatus, rpcCode) => {
    expect(rpcErrorOf({ code, httpStatus, message: 'No.', requestId: 'r', path: '/mcp' })).toEqual({
      status: httpStatus,
      body: {
        jsonrpc: '2.0',
        id: null,
        error: { code: rpcCode, message: 'No.', data: { code, requestId: 'r' } },
      },
    });
  });
});
