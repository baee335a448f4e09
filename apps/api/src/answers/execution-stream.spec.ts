import type { StreamFormat } from '@pycell/contracts';
import { ExecutionFailure } from '@pycell/sandbox';
import type { OpenResponses } from '../shutdown/open-responses';
import { EVENT_FRAMES } from './event-frames';
import { ExecutionStream } from './execution-stream';
import { Reader, until } from './reader.contract';
import { REPORT } from './report.contract';

const MIB = 1024 * 1024;

let reader: Reader;
let followed: unknown[];
let flow: { pause: jest.Mock; resume: jest.Mock };

beforeEach(async () => {
  reader = await Reader.connect();
  followed = [];
  flow = { pause: jest.fn(), resume: jest.fn() };
});

afterEach(() => reader.close());

function started(format: StreamFormat): ExecutionStream {
  const responses = { follow: (...what: unknown[]) => followed.push(what) } as unknown as OpenResponses;
  const stream = new ExecutionStream(EVENT_FRAMES[format], reader.response, responses);
  expect(stream.hasStarted).toBe(false);
  stream.onStart('id-1', flow);
  expect(stream.hasStarted).toBe(true);
  return stream;
}

const heard = (resultJson: Buffer): Parameters<ExecutionStream['succeed']>[0] => ({
  resultJson,
  artifacts: [{ name: 'a.csv', bytes: Buffer.from('a,b\n') }],
  execution: REPORT,
});

describe('ExecutionStream', () => {
  it('is NDJSON with the type first', async () => {
    const stream = started('ndjson');
    stream.onOutput('stdout', 'one\n');
    stream.onOutput('stderr', '\u2028');
    stream.succeed(heard(Buffer.from('{"n": 1.0}')));
    expect(await reader.headers()).toMatchObject({
      'content-type': 'application/x-ndjson; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'transfer-encoding': 'chunked',
    });
    expect((await reader.readAll()).split('\n')).toEqual([
      '{"type":"start","id":"id-1"}',
      '{"type":"stdout","text":"one\\n"}',
      '{"type":"stderr","text":"\\u2028"}',
      '{"type":"artifact","name":"a.csv","mediaType":"text/csv","sizeBytes":4,"base64":"YSxiCg=="}',
      `{"type":"result","result":{"n": 1.0},"execution":${JSON.stringify(REPORT)}}`,
      '{"type":"end"}',
      '',
    ]);
    expect(followed).toHaveLength(1);
  });

  it('is SSE with the type as the name of the event', async () => {
    const stream = started('sse');
    stream.onOutput('stdout', '\n\ndata: x\r');
    const failure = new ExecutionFailure('SCRIPT_ERROR', 'it raised\u2029');
    stream.fail(failure, { error: failure.message, code: failure.code, requestId: 'r' });
    expect(await reader.readAll()).toBe(
      'event: start\ndata: {"id":"id-1"}\n\n' +
        'event: stdout\ndata: {"text":"\\n\\ndata: x\\r"}\n\n' +
        'event: error\ndata: {"error":"it raised\\u2029","code":"SCRIPT_ERROR","requestId":"r"}\n\n' +
        'event: end\ndata: {}\n\n',
    );
  });

  it('sends a large result whole, with what could end a line escaped', async () => {
    const result = JSON.stringify('é\u2028x'.repeat(500_000));
    started('ndjson').succeed(heard(Buffer.from(result)));
    const lines = (await reader.readAll()).split('\n');
    expect(lines).toHaveLength(5);
    expect(lines[2]).not.toContain('\u2028');
    expect(JSON.parse(lines[2] ?? '')).toMatchObject({ result: JSON.parse(result) as unknown });
  });

  it('holds the script back while much waits, and lets it go on once that was read', async () => {
    const stream = started('ndjson');
    let sent = 0;
    while (flow.pause.mock.calls.length === 0 && sent < 64 * MIB) {
      stream.onOutput('stdout', 'x'.repeat(100_000));
      sent += 100_000;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(flow.pause).toHaveBeenCalledTimes(1);
    // What was on its way comes still.
    stream.onOutput('stdout', 'x'.repeat(100_000));
    expect(flow.pause).toHaveBeenCalledTimes(1);
    expect(flow.resume).not.toHaveBeenCalled();
    await reader.readUntil((text) => text.length > sent);
    await until(() => flow.resume.mock.calls.length === 1);
    stream.succeed(heard(Buffer.from('1')));
    expect((await reader.readAll()).endsWith('{"type":"end"}\n')).toBe(true);
    expect(flow.pause).toHaveBeenCalledTimes(1);
    expect(flow.resume).toHaveBeenCalledTimes(1);
  });
});
