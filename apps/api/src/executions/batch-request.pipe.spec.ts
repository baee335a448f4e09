import type { BatchRequest, CallerTerms } from '@pycell/sandbox';
import { BodyScanner } from '../bodies/body-scanner';
import { RequestBodyPipe } from '../bodies/request-body.pipe';
import { SLICE_BYTES } from '../bodies/slices';
import { readConfiguration } from '../configuration/configuration';
import { ErrorAnswers } from '../http/error-answers';
import { FailedRequests } from '../http/failed-requests';
import { ForeignForms } from '../http/foreign-forms';
import { HeldBodies } from '../http/held-bodies';
import { BatchRequestPipe } from './batch-request.pipe';
import { ExecuteBatchRequestDto } from './execute-request.dto';

const CONFIGURATION = readConfiguration({ MAX_INPUTS_BYTES: '1000', MAX_BATCH: '5000', TMP_SIZE_MB: '1' });
const bodies = new RequestBodyPipe(
  CONFIGURATION,
  new HeldBodies(new ErrorAnswers(CONFIGURATION, new ForeignForms()), new FailedRequests(), CONFIGURATION),
);
const pipe = new BatchRequestPipe(bodies);
const { limits, policyRules } = CONFIGURATION.sandbox;
const ANYBODY: CallerTerms = { id: 'anybody', maxPlaces: null, limits, policyRules, version: 0 };

const read = (inputs: string, members = '', caller = ANYBODY): Promise<BatchRequest> =>
  pipe.transform({ body: Buffer.from(`{"script": "x", "inputs": ${inputs}${members}}`), caller });
const repeated = (element: string, count: number): string => `[${Array(count).fill(element).join(', ')}]`;

async function refusalOf(inputs: string, members = ''): Promise<{ code?: string; message?: string }> {
  try {
    await read(inputs, members);
    return {};
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return { code, message };
  }
}

describe('BatchRequestPipe', () => {
  it('takes each of the inputs as the client wrote it', async () => {
    const request = await read(
      '[ {"n": 1.0} ,{}, {"big": 123456789012345678901234567890, "a": {"b": [[]]}}]',
    );
    expect(request).toMatchObject({ script: 'x', mode: 'function', limits: {} });
    expect(request.inputs.map(String)).toEqual([
      '{"n": 1.0}',
      '{}',
      '{"big": 123456789012345678901234567890, "a": {"b": [[]]}}',
    ]);
  });

  it('takes mode and limits', async () => {
    const request = await read('[{}]', ', "mode": "script", "limits": {"timeoutMs": 5}');
    expect(request).toMatchObject({ mode: 'script', limits: { timeoutMs: 5 } });
  });

  it('judges its limits by what its caller has', async () => {
    const caller = { ...ANYBODY, limits: { ...limits, timeoutSeconds: 1 } };
    await expect(read('[{}]', ', "limits": {"timeoutMs": 1001}', caller)).rejects.toThrow(
      'Field limits.timeoutMs is 1001, it must be a whole number from 1 to 1000',
    );
  });

  it('takes as many as there may be, however much structure they have together', async () => {
    const { inputs } = await read(repeated('{"a": [{}, {}], "b": {"c": 1}}', 5_000));
    expect(inputs).toHaveLength(5_000);
    expect(inputs.every((one) => one.toString() === '{"a": [{}, {}], "b": {"c": 1}}')).toBe(true);
  });

  it.each([
    ['[]', 'Field inputs is empty, it must have an object for each run'],
    ['{}', 'Field inputs must be an array of objects, not an object'],
    ['null', 'Field inputs must be an array of objects, not null'],
    [repeated('{}', 17).replace(/\]$/, ', 1]'), 'Field inputs[17] must be an object, not a number'],
    ['[{}, null]', 'Field inputs[1] must be an object, not null'],
    ['[[]]', 'Field inputs[0] must be an object, not an array'],
    ['[{}, {"a": {"b": 1, "b": 2}}]', 'Field inputs[1] has the key "b" twice in one object'],
    [
      `[{}, {"a": ${'['.repeat(200)}${']'.repeat(200)}}]`,
      'Field inputs[1] nests deeper than 200 levels of lists and objects',
    ],
    [repeated('{}', 5_001), 'Field inputs has more than 5000 elements, which is the limit MAX_BATCH'],
    [repeated('1', 1_000_000), 'Field inputs has more than 5000 elements, which is the limit MAX_BATCH'],
  ])('refuses inputs %.30s', async (inputs, message) => {
    expect(await refusalOf(inputs)).toEqual({ code: 'INVALID_REQUEST', message });
  });

  it.each(['[{}', '[{},]', '[{} {}]', `[${' '.repeat(70_000)}{},]`])(
    'refuses what is no JSON: %.30s',
    async (inputs) => {
      expect(await refusalOf(inputs)).toEqual({
        code: 'INVALID_REQUEST',
        message: expect.stringMatching(/^Request body is not valid JSON: /) as unknown,
      });
    },
  );

  it('refuses inputs of more bytes than one run may have, and names them', async () => {
    expect(await refusalOf(`[{}, {"a": "${'x'.repeat(1_000)}"}]`)).toEqual({
      code: 'PAYLOAD_TOO_LARGE',
      message: expect.stringMatching(/^Field inputs\[1\] has more than 1000 bytes/) as unknown,
    });
  });

  it('refuses a batch without inputs, and one with files', async () => {
    const transform = (body: string): Promise<unknown> =>
      pipe.transform({ body: Buffer.from(body), caller: ANYBODY });
    await expect(transform('{"script": "x"}')).rejects.toThrow(
      'Field inputs is missing, it must be an array of objects',
    );
    await expect(transform('{"script": "x", "inputs": [{}], "files": []}')).rejects.toThrow(
      'Unknown field "files"',
    );
  });

  it.each([
    ['small inputs', '{}', 5_000],
    [
      'inputs with many members',
      `{${Array.from({ length: 40 }, (_, n) => `"k${n}":${n}`).join(',')}}`,
      4_000,
    ],
    ['white space between them', `${' '.repeat(1_000)}{}`, 4_000],
  ])('reads batches in slices, also %s', (_what, element, count) => {
    const body = Buffer.from(`{"script": "x", "inputs": ${repeated(element, count)}}`);
    const reading = new BodyScanner(body, CONFIGURATION.sandbox.limits).scan(ExecuteBatchRequestDto);
    let pauses = 0;
    while (!reading.next().done) {
      pauses++;
    }
    expect(pauses).toBeGreaterThanOrEqual(Math.floor(body.length / SLICE_BYTES) - 1);
    // To begin with one more input takes longer than its bytes say.
    expect(pauses).toBeGreaterThanOrEqual(Math.floor((count * 1_024) / SLICE_BYTES) - 1);
  });
});
