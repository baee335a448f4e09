import 'reflect-metadata';
import { ValidateRequestDto } from './execute-request.dto';
import { ANYBODY, bodies, LIMITED, long, named, pipe, read, refusalOf } from './read-request.contract';

describe('ExecutionRequestPipe', () => {
  it('gives a script alone the defaults', async () => {
    const request = { script: 'é\n', mode: 'function', inputs: null, stdin: null, files: [], limits: {} };
    expect(await read('{"script":"é\\n"}')).toEqual(request);
    expect(await read(`\ufeff {"script":"\\u00E9\\n"}\n`)).toEqual(request);
    expect(await read(long('{"script":"é\\n"}'))).toEqual(request);
  });

  it('takes every field', async () => {
    const request = await read(
      `{"mode":"script","inputs": {"b": 1.0, "a": 1180591620717411303424, "c":"\\ud800"} ,"stdin":"a\\u0000\\ud83d\\ude00",
        "files":[{"name":"data/a.csv","text":"é\\n"},{"base64":"\\/wA=","name":"output/b"}],
        "limits":{"timeoutMs":1e3,"memoryMb":32},"script":"x"}`,
    );
    expect({ ...request, inputs: request.inputs?.toString(), stdin: request.stdin?.toString() }).toEqual({
      script: 'x',
      mode: 'script',
      inputs: '{"b": 1.0, "a": 1180591620717411303424, "c":"\\ud800"}',
      stdin: 'a\0😀',
      files: [
        { name: 'data/a.csv', bytes: Buffer.from('é\n') },
        { name: 'output/b', bytes: Buffer.from([255, 0]) },
      ],
      limits: { timeoutMs: 1000, memoryMb: 32 },
    });
  });

  it.each([
    ['{"script":"x","limits":{}}', { limits: {} }],
    ['{"script":"x","limits":{"timeoutMs":10000}}', { limits: { timeoutMs: 10_000 } }],
    ['{"script":"x","limits":{"memoryMb":512}}', { limits: { memoryMb: 512 } }],
    ['{"script":"x","inputs":{}}', { inputs: Buffer.from('{}') }],
    ['{"script":"x","stdin":""}', { stdin: Buffer.alloc(0) }],
    ['{"script":"x","files":[]}', { files: [] }],
    ['{"script":"x","mode":"function"}', { mode: 'function' }],
    ['{"script":"x","files":[{"name":"a","base64":""}]}', { files: [{ name: 'a', bytes: Buffer.alloc(0) }] }],
  ])('takes %s', async (body, expected) => {
    expect(await read(body)).toMatchObject(expected);
    expect(await read(long(body))).toMatchObject(expected);
  });

  it.each([
    ['a'],
    ['a b.csv'],
    ['.hidden'],
    ['..a/b..'],
    ['...'],
    ['output/x'],
    ['outputs'],
    ['a/output'],
    ['日本語/файл.txt'],
    ['a\\b'],
    ['1/2/3/4/5/6/7/8'],
    ['x'.repeat(255)],
    ['é'.repeat(127)],
  ])('takes the name %j of a file', async (name) => {
    expect(await refusalOf(named(name))).toEqual({});
  });

  it('shows a long name cut, with a mark, and not more than some of what is wrong', async () => {
    for (const length of [5_000, 100_000]) {
      expect((await refusalOf({ ['x'.repeat(length)]: 1 })).message).toMatch(/^Unknown field "x{100}…"/);
    }
    const files = Array<object>(20).fill({ name: 5, text: '' });
    expect((await refusalOf({ script: 'x', files })).message).toMatch(
      /^(Field files\[\d\].name must be a string, not a number; ){5}and 15 more$/,
    );
  });

  it.each([
    ['{"script": "a\nb"}', 'written \\n'],
    ['{"script": "\\d"}', 'backslash'],
    ["{'script': 1}", 'double quotes'],
    ['{"script": 1,}', 'double quotes'],
    ['{"script": "a', 'ends too early'],
    ['{"script": ', 'ends too early'],
  ])('says what to do about %j, and of long bodies the same', async (text, hint) => {
    const expected = {
      code: 'INVALID_REQUEST',
      message: expect.stringMatching(/^Request body is not valid JSON: ./) as string,
      hint: expect.stringContaining(hint) as string,
    };
    expect(await refusalOf(text)).toEqual(expected);
    expect(await refusalOf(' '.repeat(70_000) + text)).toEqual(expected);
  });

  it('refuses bytes that are no UTF-8, of any number', async () => {
    for (const size of [1, 70_000, 5_000_000]) {
      const body = Buffer.concat([
        Buffer.from(`{"script":"${'é'.repeat(size)}`),
        Buffer.from([0xff]),
        Buffer.from('"}'),
      ]);
      expect(await refusalOf(body)).toMatchObject({
        code: 'INVALID_REQUEST',
        message: 'Request body is not read: it is not UTF-8',
        hint: expect.stringContaining('in UTF-8') as string,
      });
    }
  });

  it('takes inputs of as many bytes as are allowed, and none more', async () => {
    const inputs = (bytes: number): string =>
      `{"script":"x","inputs":{"a":"${'é'.repeat((bytes - 8) / 2)}"}}`;
    expect((await read(inputs(1_000))).inputs).toHaveLength(1_000);
    for (const bytes of [1_002, 3_000_000]) {
      expect(await refusalOf(inputs(bytes))).toMatchObject({
        code: 'PAYLOAD_TOO_LARGE',
        message: 'Field inputs has more than 1000 bytes of JSON text, which is the limit MAX_INPUTS_BYTES',
      });
    }
  });

  it('leaves the size of a script to the service, and says the same of one that is too long for it', async () => {
    expect((await read(JSON.stringify({ script: 'x'.repeat(100_000) }))).script).toHaveLength(100_000);
    expect(await refusalOf({ script: '😀'.repeat(200_000) })).toEqual({
      code: 'SCRIPT_TOO_LARGE',
      message: 'Script has 200000 characters, the limit is 30000. Shorten it or raise MAX_SCRIPT_SIZE.',
    });
    // The shape comes first.
    expect(await refusalOf({ script: 'x'.repeat(200_000), mode: 'x' })).toMatchObject({
      code: 'INVALID_REQUEST',
    });
  });

  it('judges what a request chooses by what its caller has', async () => {
    const limits = { timeoutMs: 2_000, memoryMb: 64 };
    expect(await read(JSON.stringify({ script: 'x', limits }), LIMITED)).toMatchObject({ limits });
    // What is left out stays so: what then holds is known where it is run.
    expect((await read('{"script":"x"}', LIMITED)).limits).toEqual({});
    for (const [field, value, range] of [
      ['timeoutMs', 2_001, 'from 1 to 2000'],
      ['memoryMb', 65, 'from 32 to 64'],
    ] as const) {
      const body = { script: 'x', limits: { [field]: value } };
      expect(await refusalOf(body, LIMITED)).toEqual({
        code: 'INVALID_REQUEST',
        message: `Field limits.${field} is ${value}, it must be a whole number ${range}`,
      });
      expect(await refusalOf(body)).toEqual({});
    }
  });

  it('says of a script that is too long for the service what the limit of its key is', async () => {
    expect(await refusalOf({ script: 'x'.repeat(200_000) }, LIMITED)).toEqual({
      code: 'SCRIPT_TOO_LARGE',
      message: 'Script has 200000 characters, the limit of your key is 5000. Shorten it.',
    });
  });

  it('refuses what is no body', async () => {
    await expect(pipe.transform({ body: undefined, caller: ANYBODY })).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
    });
  });
});

describe('RequestBodyPipe', () => {
  it('reads the body of another request by its own fields', async () => {
    const metadata = { type: 'body', metatype: ValidateRequestDto } as const;
    const body = (text: string): Promise<unknown> => bodies.transform(Buffer.from(text), metadata);
    expect(await body('{"script":"x","mode":"script"}')).toEqual({ script: 'x', mode: 'script' });
    await expect(body('{"script":"x","inputs":{}}')).rejects.toMatchObject({
      message: 'Unknown field "inputs"',
      hint: 'The fields are "script", "mode". Leave the other out.',
    });
  });
});
