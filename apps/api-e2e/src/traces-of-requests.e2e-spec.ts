import { API_PATHS, type ErrorResponse, type ExecutionReport } from '@pycell/contracts';
import type { ApiServer } from './harness/api-server';
import { eventually } from './harness/eventually';
import type { HttpAnswer } from './harness/http-client';
import { describeEachBuild } from './harness/jail-support';
import { OpenAnswer } from './harness/open-answer';
import type { ReceivedSpan } from './harness/otlp-spans';
import { TraceCollector } from './harness/trace-collector';
import { startTraced } from './harness/traced-server';

const STATIONS = ['queue', 'policy', 'start', 'run', 'result'];
const JSON_TYPE = { 'Content-Type': 'application/json' };
const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT_ID = '00f067aa0ba902b7';
const SECRETS = {
  script: 'zebra7431',
  inputs: 'okapi2290',
  output: 'quokka5518',
  authorization: 'Bearer tapir8837',
  key: 'pycell_lemur6604',
  query: 'gecko1193',
  path: 'bison4412',
  state: 'vendor=heron9021',
  baggage: 'user=ibis3370',
  collector: 'civet7702',
};

describeEachBuild('Traces of requests', (build) => {
  let collector: TraceCollector;
  let server: ApiServer;
  let count = 0;

  beforeAll(async () => {
    collector = await TraceCollector.start();
    server = await startTraced(collector, {
      BUILD: build,
      SCRIPT_TIMEOUT: '2',
      LOG_LEVEL: 'debug',
      OTEL_EXPORTER_OTLP_HEADERS: `x-collector-key=${SECRETS.collector}`,
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    });
  });
  afterAll(async () => {
    await server.stop();
    await collector.stop();
  });

  /** Sends something under an id of its own; returns the answer and the span of the request. */
  const traced = async (
    body: object | string,
    { path = '/execute', method = 'POST', headers = {} } = {},
  ): Promise<{ answer: HttpAnswer<ErrorResponse & { execution: ExecutionReport }>; span: ReceivedSpan }> => {
    const id = `traced-${build}-${count++}`;
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await server.client.send<ErrorResponse & { execution: ExecutionReport }>({
      method,
      path,
      headers: { ...JSON_TYPE, 'X-Request-Id': id, ...headers },
      ...(method === 'POST' && { body: text }),
    });
    return { answer, span: await spanOf(id) };
  };
  const spanOf = (id: string): Promise<ReceivedSpan> =>
    eventually(
      () => collector.ofRequest(id),
      (found) => found !== undefined,
      10_000,
    );
  const logOf = (id: string): readonly Readonly<Record<string, unknown>>[] =>
    server.logRecords.filter(({ requestId }) => requestId === id);

  it('have a span for the request and one for each station, with the times of the report', async () => {
    const { answer, span } = await traced({ script: 'def main():\n    return 1' });
    const { execution } = answer.body;
    expect(span).toMatchObject({ name: 'POST /execute', kind: 2, parentId: '', status: 0 });
    expect(span.resource).toMatchObject({
      'service.name': 'pycell',
      'deployment.environment.name': 'test',
    });
    expect(span.attributes).toMatchObject({
      'http.request.method': 'POST',
      'http.route': '/execute',
      'http.response.status_code': 200,
      'pycell.code': 'OK',
      'pycell.mode': 'function',
      'pycell.execution.id': execution.id,
      'pycell.isolation': execution.isolation,
      'pycell.duration_ms': execution.durationMs,
    });
    if (build === 'cloud') {
      expect(span.attributes).toMatchObject({
        'pycell.cpu_ms': execution.cpuMs,
        'pycell.peak_memory_bytes': execution.peakMemoryBytes,
      });
    }
    const below = collector.below(span).toSorted((one, other) => one.startMs - other.startMs);
    expect(below.map(({ name }) => name)).toEqual(STATIONS);
    const { queueMs, policyMs, startMs, runMs, resultMs } = execution.timings;
    for (const [index, ms] of [queueMs, policyMs, startMs, runMs, resultMs].entries()) {
      const { startMs: from = 0, endMs: to = 0 } = below[index] ?? {};
      expect(Math.abs(to - from - ms)).toBeLessThan(0.01);
      expect(from).toBeGreaterThan(span.startMs - 1);
      expect(to).toBeLessThan(span.endMs + 0.01);
    }
    expect(Math.abs(span.endMs - Date.now())).toBeLessThan(30_000);
  });

  it('go on where the caller began them, and stay whole whatever a caller sends for one', async () => {
    const asked = { script: 'def main():\n    return 1' };
    const { span } = await traced(asked, {
      headers: { traceparent: `00-${TRACE_ID}-${PARENT_ID}-01`, tracestate: SECRETS.state },
    });
    expect(span).toMatchObject({ traceId: TRACE_ID, parentId: PARENT_ID, traceState: '' });
    const hostile = [
      'x',
      `00-${'0'.repeat(32)}-${PARENT_ID}-01`,
      `ff-${TRACE_ID}-${PARENT_ID}-01`,
      `00-${TRACE_ID}-${'0'.repeat(16)}-01`,
      `00-${TRACE_ID}-${PARENT_ID}-01${'-a'.repeat(3_000)}`,
      `00-${TRACE_ID.toUpperCase()}-${PARENT_ID}-01`,
      `00-${TRACE_ID}-${PARENT_ID}-01, 00-${TRACE_ID}-${PARENT_ID}-01`,
      '0'.repeat(8_000),
    ];
    for (const traceparent of hostile) {
      const headers = { traceparent, tracestate: 'a='.repeat(2_000), baggage: ','.repeat(2_000) };
      const { answer, span: own } = await traced(asked, { headers });
      expect([answer.status, own.parentId, own.traceState]).toEqual([200, '', '']);
      expect(own.traceId).toMatch(/^(?!4bf92f35)[0-9a-f]{32}$/);
    }
    const id = `unsampled-${build}`;
    const left = await server.client.send<ErrorResponse>({
      method: 'POST',
      path: API_PATHS.execute,
      headers: { ...JSON_TYPE, 'X-Request-Id': id, traceparent: `00-${TRACE_ID}-${PARENT_ID}-00` },
      body: '{"script": "1/0"}',
    });
    // The caller does not record it, and so nobody does: there is nothing to be found under an id.
    expect([left.status, left.body.traceId, logOf(id)[0]?.['traceId']]).toEqual([422, undefined, undefined]);
    await traced(asked);
    expect(collector.ofRequest(id)).toBeUndefined();
  });

  it('have an id that error answers and lines of the log tell', async () => {
    const { answer, span } = await traced({ script: 'def main():\n    return 1 / 0' });
    expect(answer.status).toBe(422);
    expect(answer.body.traceId).toBe(span.traceId);
    // What a script does wrong is no error of the service.
    expect([span.status, span.attributes['pycell.code']]).toEqual([0, 'SCRIPT_ERROR']);
    const id = String(span.attributes['pycell.request.id']);
    expect(logOf(id)).toMatchObject([{ msg: 'execution', traceId: span.traceId }]);
    const { answer: fine, span: ofFine } = await traced({ script: 'def main():\n    return 1' });
    expect(fine.body.traceId).toBeUndefined();
    expect(logOf(String(ofFine.attributes['pycell.request.id']))).toMatchObject([
      { traceId: ofFine.traceId },
    ]);
  });

  it.each([
    ['POLICY_VIOLATION', { script: 'import os\ndef main():\n    return 1' }],
    ['INVALID_REQUEST', '{'],
    ['INVALID_REQUEST', { script: 'x', more: 1 }],
    ['SCRIPT_TOO_LARGE', { script: '#'.repeat(20_000) }],
    ['TIMEOUT', { script: 'def main():\n    while True: pass', limits: { timeoutMs: 200 } }],
  ])('tell of %s', async (code, body) => {
    const { answer, span } = await traced(body);
    expect(answer.body).toMatchObject({ code, traceId: span.traceId });
    expect(span.attributes).toMatchObject({
      'http.response.status_code': answer.status,
      'pycell.code': code,
    });
    expect(span.status).toBe(0);
    const names = collector.below(span).map(({ name }) => name);
    expect(names.toSorted()).toEqual(code === 'TIMEOUT' ? STATIONS.toSorted() : []);
  });

  it('tell of unknown paths and methods without repeating them, and of other endpoints', async () => {
    const wrong = await traced('{}', { path: `/${SECRETS.path}?key=${SECRETS.query}` });
    expect(wrong.span).toMatchObject({ name: 'POST', attributes: { 'pycell.code': 'NOT_FOUND' } });
    expect(wrong.span.attributes['http.route']).toBeUndefined();
    const odd = await traced('', { path: API_PATHS.execute, method: 'PROPFIND' });
    expect(odd.span.name).toBe('_OTHER /execute');
    expect((await traced('', { path: '/', method: 'GET' })).span.name).toBe('GET /');
    const checked = await traced({ script: 'def main(a: int): pass' }, { path: '/VALIDATE/' });
    expect(checked.span).toMatchObject({ name: 'POST /validate', attributes: { 'pycell.code': 'OK' } });
  });

  it('tell of a stream when it has ended, and of its failure', async () => {
    const openStream = async (id: string, script: string): Promise<OpenAnswer> =>
      OpenAnswer.open(server.client.baseUrl, {
        body: { script, limits: { timeoutMs: 500 } },
        accept: 'text/event-stream',
        headers: { 'X-Request-Id': id },
      });
    const stream = await openStream(`stream-${build}`, 'def main():\n    print("a")\n    return 1');
    await stream.rest();
    const span = await spanOf(`stream-${build}`);
    expect(span.attributes).toMatchObject({ 'pycell.code': 'OK', 'http.response.status_code': 200 });
    expect(collector.below(span)).toHaveLength(STATIONS.length);
    const failing = await openStream(
      `timeout-${build}`,
      'def main():\n    print("a", flush=True)\n    while True: pass',
    );
    expect(await failing.rest()).toContain(`"traceId":"${(await spanOf(`timeout-${build}`)).traceId}"`);
    expect((await spanOf(`timeout-${build}`)).attributes['pycell.code']).toBe('TIMEOUT');
  });

  it('tell of a client that has gone away', async () => {
    const body = { script: 'import time\ndef main():\n    print("a", flush=True)\n    time.sleep(1.5)' };
    const headers = { 'X-Request-Id': `gone-${build}` };
    const { baseUrl } = server.client;
    const answer = await OpenAnswer.open(baseUrl, { body, accept: 'application/x-ndjson', headers });
    await answer.until((text) => text.includes('stdout'));
    answer.leave();
    expect(await spanOf(`gone-${build}`)).toMatchObject({
      status: 0,
      attributes: { 'pycell.code': 'CANCELLED' },
    });
  });

  it('have a span for each of the first hundred inputs of a batch', async () => {
    const inputs = Array.from({ length: 110 }, (_, n) => ({ n }));
    const script = 'def main(n):\n    return 1 // (n - 3)';
    const { answer, span } = await traced({ script, inputs }, { path: API_PATHS.executeBatch });
    expect(span.attributes).toMatchObject({
      'pycell.code': 'OK',
      'pycell.mode': 'function',
      'pycell.batch.items': 110,
      'pycell.batch.failed': 1,
    });
    const items = collector.below(span);
    expect(items).toHaveLength(100);
    expect(new Set(items.map(({ attributes }) => attributes['pycell.batch.index'])).size).toBe(100);
    const failed = items.find(({ attributes }) => attributes['pycell.batch.index'] === 3);
    expect(failed).toMatchObject({ name: 'execution', status: 0 });
    expect(failed?.attributes).toMatchObject({ 'pycell.code': 'SCRIPT_ERROR' });
    expect(failed?.attributes['pycell.run_ms']).toBeGreaterThan(0);
    expect(answer.text).toContain(`"traceId":"${span.traceId}"`);
  });

  it('do not tell of probes', async () => {
    for (const path of [API_PATHS.live, API_PATHS.ready, API_PATHS.health, '/HEALTH/live?x=1']) {
      await server.client.get(path, { 'X-Request-Id': 'a-probe' });
    }
    await traced({ script: 'def main():\n    return 1' });
    expect(collector.ofRequest('a-probe')).toBeUndefined();
    expect(collector.spans.filter(({ name }) => /health/i.test(name))).toEqual([]);
  });

  it('hold nothing of scripts, inputs, output, results, headers, paths or queries; and neither do logs', async () => {
    const { script, inputs, output, authorization, key, query, state, baggage } = SECRETS;
    const source = `# ${script}\nimport sys\ndef main(text):\n    print("${output}")\n    print("${output}", file=sys.stderr)\n    return text`;
    const headers = {
      Authorization: authorization,
      'X-API-Key': key,
      Cookie: key,
      traceparent: `00-${TRACE_ID}-${PARENT_ID}-01`,
      tracestate: state,
      baggage,
    };
    const path = `${API_PATHS.execute}?q=${query}`;
    for (const text of [source, `${source}\n    raise ValueError(text)`.replace('return', 'x =')]) {
      await traced({ script: text, inputs: { text: inputs } }, { path, headers });
    }
    const exported = Buffer.concat(collector.bodies).toString('latin1');
    const said = server.log;
    expect(exported).toContain('pycell.execution.id');
    for (const secret of Object.values(SECRETS)) {
      const word = secret.replace(/^.*[ =_]/, '');
      expect([word, exported.includes(word), said.includes(word)]).toEqual([word, false, false]);
    }
    // The collector knows who sends.
    expect(collector.headers[0]?.['x-collector-key']).toBe(SECRETS.collector);
  });
});
