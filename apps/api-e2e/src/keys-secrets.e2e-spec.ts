import { API_PATHS } from '@pycell/contracts';
import { ApiServer } from './harness/api-server';
import { describeCloud } from './harness/jail-support';
import { eventually } from './harness/eventually';
import { hashOf, keyHeader, KeysFile, newKey } from './harness/keys-file';
import { RawConnection } from './harness/raw-connection';

const JSON_TYPE = { 'Content-Type': 'application/json' };
const REASON_MS = 3_000;

/** Everything that could give a key away: itself, its hash, and both as base64. */
function tracesOf(key: string): readonly string[] {
  const texts = [key, key.slice('pycell_'.length), hashOf(key)];
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
    server = await ApiServer.start({ API_KEYS_FILE: file.path, ...environment });
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
    ]);
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
