import { API_PATHS, STREAM_MEDIA_TYPES } from '@pycell/contracts';
import { ApiServer } from './harness/api-server';
import { eventually } from './harness/eventually';
import { HttpClient } from './harness/http-client';
import { describeCloud } from './harness/jail-support';
import { executeWith, hashOf, keyHeader, KeysFile, newKey } from './harness/keys-file';
import { RawConnection } from './harness/raw-connection';
import { metricsUrlOf, placesHeld } from './harness/scrape';

const JSON_TYPE = { 'Content-Type': 'application/json' };
const REASON_MS = 3_000;

const STREAMS = [STREAM_MEDIA_TYPES.sse, STREAM_MEDIA_TYPES.ndjson];
const INPUT_SCRIPTS = [
  'def main():\n    return 1',
  'def main(a):\n    return 1',
  'def main(*, a=1):\n    return 1',
];

/** Everything that could give a key away: itself, its hash, and both as base64. */
function tracesOf(key: string): readonly string[] {
  // The most of it gives away the rest.
  const texts = [key, key.slice('pycell_'.length, -3), hashOf(key)];
  return [...texts, ...texts.map((text) => Buffer.from(text).toString('base64').slice(0, 40))];
}

describe.each([
  { DEBUG: 'true', BUILD: 'local' },
  { LOG_LEVEL: 'trace', BUILD: 'local' },
])('Keys that are sent everywhere, with %j', (environment) => {
  const file = new KeysFile();
  const key = file.add('shop');
  const disabled = file.add('former', { disabled: true });
  const wrong = newKey();
  let server: ApiServer;

  beforeAll(async () => {
    server = await ApiServer.start({
      API_KEYS_FILE: file.path,
      METRICS_PORT: '0',
      METRICS_BY_KEY: 'true',
      ...environment,
    });
  });

  afterAll(async () => {
    await server.stop();
    file.dispose();
  });

  /** Sends a key wherever a client could put it. @returns the answers, as they came */
  const sendEverywhere = async (sent: string): Promise<string[]> => {
    const { client } = server;
    const post = (headers: object, body: string, path: string = API_PATHS.execute) =>
      client.send({ method: 'POST', path, headers: { ...JSON_TYPE, ...headers }, body });
    const script = '{"script": "def main():\\n    return 1"}';
    const valid = keyHeader(key);
    const answers = await Promise.all([
      post(keyHeader(sent), script),
      post({ Authorization: `Bearer ${sent}` }, script),
      post({ Authorization: sent }, script),
      post({ Authorization: `Basic ${sent}` }, script),
      post({ 'X-API-Key': `${sent}, ${sent}` }, script),
      post({}, script, `${API_PATHS.execute}?api_key=${sent}`),
      post(valid, script, `${API_PATHS.execute}?api_key=${sent}`),
      client.get(`/${sent}`, valid),
      client.get(`/docs/${sent}`),
      client.get(`${API_PATHS.metadata}?key=${sent}`),
      client.send({ method: sent.slice(0, 6).toUpperCase(), path: `/execute/${sent}`, headers: valid }),
      post({ ...valid, 'X-Request-Id': sent }, '{}'),
      post({ ...valid, 'Content-Type': `text/${sent}` }, script),
      post({ ...valid, 'Content-Type': `application/json; charset=${sent}` }, script),
      post({ ...valid, 'Content-Encoding': sent }, script),
      post({ ...valid, Accept: sent }, script),
      post(valid, `{"${sent}": 1}`),
      post(valid, `{"script": ${sent}}`),
      post(valid, `{"script": "def main(): pass", "mode": "${sent}"}`),
      post(valid, `{"script": "def main(): pass", "limits": {"${sent}": 1}}`),
      post(valid, `{"script": "def main(): pass", "files": [{"name": "../${sent}", "text": ""}]}`),
      client.get(API_PATHS.live, { Host: sent }),
      ...[API_PATHS.executeBatch, API_PATHS.validate].flatMap((path) => [
        post(keyHeader(sent), script, path),
        post({ Authorization: `Bearer ${sent}` }, script, path),
        post(valid, script, `${path}?api_key=${sent}`),
        post(valid, script, `${path}/${sent}`),
        post({ ...valid, 'X-Request-Id': sent }, '{}', path),
        post({ ...valid, 'Content-Type': `text/${sent}` }, script, path),
        post({ ...valid, Accept: sent }, script, path),
        post(valid, `{"${sent}": 1}`, path),
        post(valid, `{"script": ${sent}}`, path),
        post(valid, `{"script": "def main(): pass", "mode": "${sent}"}`, path),
        post(valid, `{"script": "def main(): pass", "inputs": "${sent}"}`, path),
      ]),
      // Names of inputs that the script does not take, in the answer, in events, and in the items of a batch.
      ...INPUT_SCRIPTS.flatMap((text) => [
        post(valid, JSON.stringify({ script: text, inputs: { [sent]: 1 } })),
        ...STREAMS.map((Accept) =>
          post({ ...valid, Accept }, JSON.stringify({ script: text, inputs: { [sent]: 1 } })),
        ),
        ...['application/json', 'application/x-ndjson'].map((Accept) =>
          post(
            { ...valid, Accept },
            JSON.stringify({ script: text, inputs: [{ [sent]: 1 }, { [sent.slice(0, -1)]: 1 }] }),
            API_PATHS.executeBatch,
          ),
        ),
      ]),
      ...STREAMS.flatMap((Accept) => [
        post({ ...keyHeader(sent), Accept }, script),
        post({ ...valid, Accept, 'X-Request-Id': sent }, script),
        post({ ...valid, Accept }, `{"${sent}": 1}`),
      ]),
    ]);
    const metrics = new HttpClient(metricsUrlOf(server));
    const scraped = await Promise.all([
      metrics.get('/metrics', keyHeader(sent)),
      metrics.get(`/metrics?key=${sent}`),
      metrics.get(`/${sent}`),
      metrics.send({ method: 'POST', path: '/metrics', headers: keyHeader(sent), body: sent }),
      metrics.send({ method: sent.slice(0, 6).toUpperCase(), path: `/${sent}` }).catch(() => null),
      metrics.get('/metrics', { Host: sent, 'X-Request-Id': sent }),
    ]);
    metrics.close();
    answers.push(...scraped.filter((answer) => answer !== null));
    const raw = new RawConnection(client.baseUrl);
    raw.send(`GET / HTTP/1.1\r\nHost: x\r\nX-API-Key ${sent}\r\n\r\n`);
    await raw.closed;
    const told = answers.map(({ headers, text }) => `${JSON.stringify(headers)} ${text}`);
    return [...told, raw.received];
  };

  it.each([
    ['a key in force', key],
    ['a wrong key', wrong],
    ['a key that is switched off', disabled],
  ])('leave no trace in an answer or a line of the log: %s', async (_name, sent) => {
    const answers = await sendEverywhere(sent);
    // Names of inputs are told without what could be a key: answers, events and items of batches.
    const ofInputs = answers.filter((text) => text.includes('INVALID_INPUTS') && text.includes('pycell_...'));
    expect(ofInputs.length).toBeGreaterThanOrEqual(2 * (1 + STREAMS.length + 2));
    for (const trace of tracesOf(sent)) {
      expect(answers.filter((answer) => answer.includes(trace))).toEqual([]);
    }
    await eventually(
      () => server.log,
      (log) => log.includes('refused for their keys'),
      REASON_MS,
    );
    for (const trace of tracesOf(sent)) {
      expect(server.log.split('\n').filter((line) => line.includes(trace))).toEqual([]);
    }
  });

  it('leave none where they lie in the wrong place of the file', async () => {
    const lost = newKey();
    const hash = hashOf(lost);
    const faulty = [
      `{"keys": [{"name": "${lost}", "sha256": ["${hash}"]}]}`,
      `{"keys": [{"name": "a", "sha256": ["${lost}"], "${lost}": "${lost}", "policy": "${hash}"}]}`,
      `{"keys": [{"name": "a" "${hash}"}]}`,
      lost,
    ];
    for (const text of faulty) {
      const before = server.log.split('the keys in force stay').length;
      file.writeText(text);
      await eventually(
        () => server.log.split('the keys in force stay').length,
        (count) => count > before,
        server.patienceMs(REASON_MS),
      );
    }
    for (const trace of tracesOf(lost)) {
      expect(server.log).not.toContain(trace);
    }
  });
});

describeCloud('Keys, in a service that is full', () => {
  it('leave no trace in refusals that come before everything else, nor in the lines about them', async () => {
    const file = new KeysFile();
    const key = file.add('shop');
    const server = await ApiServer.start({
      BUILD: 'cloud',
      LOG_LEVEL: 'trace',
      API_KEYS_FILE: file.path,
      MAX_CONCURRENCY: '2',
      MAX_QUEUE: '0',
      METRICS_PORT: '0',
    });
    try {
      const running = executeWith(
        server.client,
        keyHeader(key),
        'import time\ndef main():\n    time.sleep(2)',
      );
      await placesHeld(server, 1);
      const texts: string[] = [];
      for (const headers of [
        {},
        {},
        { 'X-Request-Id': key },
        { Referer: `http://x/${key}` },
        { Cookie: key, 'X-Forwarded-For': key },
        { 'User-Agent': key, Host: key },
      ]) {
        const answer = await executeWith(server.client, { ...keyHeader(key), ...headers });
        expect(answer.status).toBe(503);
        texts.push(JSON.stringify(answer.headers), answer.text);
      }
      await running;
      await eventually(
        () => server.log,
        (log) => log.includes('executions refused early'),
        server.patienceMs(REASON_MS),
      );
      for (const trace of tracesOf(key)) {
        expect(texts.filter((text) => text.includes(trace))).toEqual([]);
        expect(server.log).not.toContain(trace);
      }
    } finally {
      await server.stop();
      file.dispose();
    }
  });
});

describeCloud('Keys, and scripts', () => {
  it('do not meet: a run finds neither the key that it was sent with nor the file', async () => {
    const file = new KeysFile();
    const key = file.add('shop');
    const server = await ApiServer.start({ BUILD: 'cloud', API_KEYS_FILE: file.path, SCRIPT_POLICY: 'off' });
    try {
      const script = `import os
def main():
    found = [name for name in os.environ if 'KEY' in name]
    try:
        found.append(open(${JSON.stringify(file.path)}).read())
    except OSError as error:
        found.append(type(error).__name__)
    return found`;
      const answer = await server.client.send<{ result: unknown }>({
        method: 'POST',
        path: API_PATHS.execute,
        headers: { ...JSON_TYPE, ...keyHeader(key) },
        body: JSON.stringify({ script }),
      });
      expect(answer.body.result).toEqual(['FileNotFoundError']);
    } finally {
      await server.stop();
      file.dispose();
    }
  });
});
