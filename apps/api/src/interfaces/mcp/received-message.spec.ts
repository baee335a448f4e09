import { MAX_MESSAGES, readMessage } from './received-message';

const read = (value: unknown) =>
  readMessage(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)), () => undefined);

describe('readMessage', () => {
  it('keeps the arguments of a tool as they came', async () => {
    const message = await read(
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t","arguments":{"n":9007199254740993}}}',
    );
    expect(message.argumentBytes?.toString()).toBe('{"n":9007199254740993}');
    expect(message.envelope).toEqual({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 't', arguments: {} },
    });
  });

  it('takes a batch of what calls no tool', async () => {
    const batch = Array.from({ length: MAX_MESSAGES }, (_, id) => ({ jsonrpc: '2.0', id, method: 'ping' }));
    expect(await read(batch)).toEqual({ envelope: batch, argumentBytes: null });
  });

  it('leaves notifications out of a batch that is to be answered', async () => {
    const [request, cancelled] = [
      { jsonrpc: '2.0', id: 1, method: 'tools/list' },
      { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } },
    ];
    expect((await read([cancelled, request, cancelled])).envelope).toEqual([request]);
    expect((await read([cancelled])).envelope).toEqual([cancelled]);
    // Whatever is no message is told by the SDK.
    expect((await read([null, 1, request])).envelope).toEqual([null, 1, request]);
  });

  it.each([
    ['{', -32700, 'The body is not JSON: '],
    [
      [{ method: 'ping' }, { method: 'tools/call', params: {} }],
      -32600,
      'Send tools/call in a request of its own',
    ],
    [[{ method: 'tools/list' }, { method: 'tools/list' }], -32600, 'Send tools/list once in a batch'],
    [
      Array(MAX_MESSAGES + 1).fill({ method: 'ping' }),
      -32600,
      'A batch has at most 16 messages, this one has 17',
    ],
    ['{"params":{"arguments":{},"arguments":{}}}', -32600, 'The message is not taken: it has the member'],
    [{ a: 'x'.repeat(70_000) }, -32600, 'The message is not taken: it has more than 65536 bytes'],
  ])('refuses %.40j', async (value, code, message) => {
    await expect(read(value)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });
});
