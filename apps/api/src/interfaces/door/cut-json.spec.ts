import { cutJson, UncutJson } from './cut-json';

const BOUNDS = { maxBytes: 100, maxDepth: 4 };

function cut(text: string | Buffer, path: readonly string[] = ['params', 'arguments']) {
  return cutJson(Buffer.from(text), path, BOUNDS, () => undefined);
}

describe('cutJson', () => {
  it('leaves the bytes of the object as they came, and an empty object in its place', async () => {
    const { around, cut: bytes } = await cut(
      '{"id":1, "params": {"name":"n", "arguments": {"n": 12345678901234567890, "x": 1.0 } , "z":[]}}',
    );
    expect(bytes?.toString()).toBe('{"n": 12345678901234567890, "x": 1.0 }');
    expect(around).toEqual({ id: 1, params: { name: 'n', arguments: {}, z: [] } });
  });

  it.each([
    ['{"params":{}}', { params: {} }],
    ['{"params":{"arguments":null}}', { params: { arguments: null } }],
    ['{"params":{"arguments":[1]}}', { params: { arguments: [1] } }],
    ['{"params":[{"arguments":{}}]}', { params: [{ arguments: {} }] }],
    ['{"arguments":{"a":1}}', { arguments: { a: 1 } }],
    ['[{"params":{"arguments":{"a":1}}}]', [{ params: { arguments: { a: 1 } } }]],
    [' 5 ', 5],
    ['\ufeff{}', {}],
  ])('cuts nothing from %s', async (text, around) => {
    expect(await cut(text)).toEqual({ around, cut: null });
  });

  it('finds names with escapes', async () => {
    const { cut: bytes } = await cut('{"p\\u0061rams":{"arguments":{"a":1}}}');
    expect(bytes?.toString()).toBe('{"a":1}');
  });

  it('takes what is cut at any size and depth, and in slices', async () => {
    const large = `{"a":${'['.repeat(5_000)}${']'.repeat(5_000)},"b":"${'x'.repeat(2_000_000)}"}`;
    let turns = 0;
    const { cut: bytes } = await cutJson(
      Buffer.from(`{"params":{"arguments":${large}}}`),
      ['params', 'arguments'],
      BOUNDS,
      () => turns++,
    );
    expect(bytes?.toString()).toBe(large);
    expect(turns).toBeGreaterThan(3);
  });

  it.each([
    ['', 'Unexpected end'],
    ['{', 'Unexpected end'],
    ['{"a":1} x', 'Unexpected token'],
    ['{"params":{"arguments":{"a":}}}', 'Unexpected token'],
    ['{"params":{"arguments":{"a":1,}}}', 'Unexpected token'],
    [Buffer.from([0x22, 0xff, 0x22]), 'not UTF-8'],
  ])('refuses %s, which is not JSON', async (text, message) => {
    await expect(cut(text)).rejects.toMatchObject({
      name: 'UncutJson',
      reason: 'syntax',
      message: expect.stringContaining(message),
    });
  });

  it.each([
    ['{"params":{"arguments":{}},"params":{}}', 'it has the member params twice'],
    ['{"params":{"arguments":{},"arguments":{}}}', 'it has the member arguments twice'],
    [`{"a":"${'x'.repeat(100)}"}`, 'it has more than 100 bytes besides params.arguments'],
    ['[[[[[]]]]]', 'it nests deeper than 4 levels besides params.arguments'],
    ['{"params":{"a":[[[]]]}}', 'it nests deeper than 4 levels besides params.arguments'],
  ])('refuses %s', async (text, message) => {
    await expect(cut(text)).rejects.toEqual(new UncutJson('bounds', message));
  });

  it('nests as deep as it may', async () => {
    expect((await cut('{"params":{"a":[[]]}}')).around).toEqual({ params: { a: [[]] } });
  });

  it('ends when nobody waits for it any more', async () => {
    const gone = new Error('gone');
    const work = cutJson(Buffer.from(`{"x":"${'x'.repeat(1_000_000)}"}`), ['a'], BOUNDS, () => {
      throw gone;
    });
    await expect(work).rejects.toBe(gone);
  });
});
