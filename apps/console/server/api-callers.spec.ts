import { FakeApi } from './fake-api';
import { PageFolder } from './page-folder';
import { RunningServer } from './running-server';

const KEY = 'pycell_0123456789';

describe('who calls the API through this server', () => {
  const folder = new PageFolder();
  const api = new FakeApi();
  let server: RunningServer;

  beforeAll(async () => {
    const upstream = await api.listen();
    server = await RunningServer.start({ CONSOLE_FILES: folder.path, API_UPSTREAM: upstream });
  });

  afterAll(async () => {
    expect(await server.stop()).toBe(0);
    await api.close();
    folder.remove();
  });

  /** The lines that the API got of one header. */
  async function arrived(
    name: string,
    headers: Readonly<Record<string, string | readonly string[]>>,
  ): Promise<readonly string[]> {
    api.handle = ({ headersDistinct }, response) => response.end(JSON.stringify(headersDistinct[name] ?? []));
    const { body } = await server.send({ path: '/api/', headers: headers as Record<string, string> });
    return JSON.parse(body.toString()) as readonly string[];
  }

  it.each([
    ['x-api-key', KEY],
    ['authorization', `Bearer ${KEY}`],
  ])('is told by its %s, which arrives as it is', async (name, value) => {
    expect(await arrived(name, { [name]: value })).toEqual([value]);
    expect(await arrived(name, {})).toEqual([]);
  });

  it.each(['x-api-key', 'authorization'])(
    'cannot hide a second %s behind the first: the API, which refuses two, sees both',
    async (name) => {
      expect(await arrived(name, { [name]: ['Bearer one', 'Bearer two'] })).toEqual([
        'Bearer one',
        'Bearer two',
      ]);
    },
  );

  it('is told by its address, last and after whatever it has made up', async () => {
    const name = 'x-forwarded-for';
    expect(await arrived(name, {})).toEqual(['127.0.0.1']);
    expect(await arrived(name, { [name]: '203.0.113.9' })).toEqual(['203.0.113.9, 127.0.0.1']);
    expect(await arrived(name, { [name]: ['203.0.113.9', '198.51.100.1'] })).toEqual([
      '203.0.113.9, 198.51.100.1, 127.0.0.1',
    ]);
    expect(await arrived(name, { Connection: 'close, X-Forwarded-For' })).toEqual(['127.0.0.1']);
    expect(await arrived(name, { [name]: '127.0.0.1, ' })).toEqual([
      expect.stringMatching(/, 127\.0\.0\.1$/),
    ]);
  });

  it('is told by its address where that is one of IPv4 in the clothes of IPv6', async () => {
    const both = await RunningServer.start({
      CONSOLE_FILES: folder.path,
      CONSOLE_HOST: '::',
      ALLOWED_HOSTS: '127.0.0.1',
      API_UPSTREAM: `http://127.0.0.1:${api.port}`,
    });
    api.handle = ({ headers }, response) => response.end(String(headers['x-forwarded-for']));
    expect((await both.get('/api/', { Host: '127.0.0.1' })).body.toString()).toBe('127.0.0.1');
    expect(await both.stop()).toBe(0);
  });

  it('hears how many requests it has left, when to come back, and what key is wanted', async () => {
    const told = {
      'WWW-Authenticate': 'Bearer realm="pycell"',
      RateLimit: '"key";r=0;t=12',
      'RateLimit-Policy': '"key";q=20;w=60',
      'Retry-After': '12',
    };
    api.handle = (_request, response) => response.writeHead(429, told).end('{}');
    const { status, headers } = await server.get('/api/execute');
    expect(status).toBe(429);
    for (const [name, value] of Object.entries(told)) expect(headers[name.toLowerCase()]).toBe(value);
  });

  it('is asked for no password by this server, which has none', async () => {
    expect((await server.get('/')).headers['www-authenticate']).toBeUndefined();
    expect((await server.get('/nowhere')).headers['www-authenticate']).toBeUndefined();
  });

  it('has its key in no line that this server writes, also when the API is down', async () => {
    const lonely = await RunningServer.start({
      CONSOLE_FILES: folder.path,
      API_UPSTREAM: 'http://127.0.0.1:9',
    });
    const headers = { 'X-API-Key': KEY, Authorization: `Bearer ${KEY}` };
    const { status, body } = await lonely.get('/api/', headers);
    expect(status).toBe(502);
    expect(body.toString()).not.toContain(KEY);
    expect(await lonely.stop()).toBe(0);
    expect(lonely.log).toContain('does not answer');
    expect(lonely.log).not.toContain(KEY);
  });
});
