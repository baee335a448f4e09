import { randomBytes } from 'node:crypto';
import { API_PATHS } from '@pycell/contracts';
import { ApiServer } from './harness/api-server';
import { CertificateAuthority } from './harness/certificates';
import { eventually } from './harness/eventually';
import { describeCloud } from './harness/jail-support';
import {
  acceptedJob,
  cancelJob,
  endOf,
  HELLO,
  jobOf,
  pathOf,
  sleeper,
  startJob,
} from './harness/jobs-client';
import { KEEPING, RedisServer } from './harness/redis-server';

const READY_MS = 60_000;
const USER = 'pycell';
/** What docs/operations.md tells to give to a user of its own. */
const RIGHTS = ['~pycell:*', '&pycell:*', '+@all', '-@admin', '-@dangerous', '+info', '+config|get'];
/** The characters that a URL would read as its own. */
const PASSWORD = `${randomBytes(12).toString('hex')}/#?@%`;

/** What it is certified as, how it is asked, and the word by which the log tells why that fails. */
const FAULTS = [
  ['is certified by nobody known', '127.0.0.1', { isTrusted: false }, /UNABLE_TO_VERIFY_LEAF_SIGNATURE/],
  ['is certified as another', 'redis.example.org', {}, /ERR_TLS_CERT_ALTNAME_INVALID/],
  ['is asked without TLS', '127.0.0.1', { scheme: 'redis:' }, /ECONNRESET|EPIPE/],
] as const;

interface Asked {
  readonly isTrusted?: boolean;
  readonly scheme?: string;
}

describeCloud('Redis over TLS, with a user of its own', () => {
  let authority: CertificateAuthority;
  let redis: RedisServer;
  let servers: ApiServer[];

  beforeAll(() => {
    authority = new CertificateAuthority();
  });

  afterAll(() => authority.remove());

  beforeEach(() => {
    servers = [];
  });

  afterEach(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await redis.stop();
  });

  async function startRedis(name: string): Promise<void> {
    const tls = { ...authority.issue([name]), authority: authority.path };
    redis = await RedisServer.start(KEEPING, 'of-the-default-user', tls);
    redis.command('ACL', 'SETUSER', USER, 'on', `>${PASSWORD}`, ...RIGHTS);
  }

  /** Waits until it listens, and not until its sandbox works. */
  async function start(
    ROLE: string,
    { isTrusted = true, scheme = 'rediss:' }: Asked = {},
  ): Promise<ApiServer> {
    const server = await ApiServer.listen({
      BUILD: 'cloud',
      ROLE,
      REDIS_URL: `${scheme}//${USER}:${encodeURIComponent(PASSWORD)}@127.0.0.1:${redis.port}`,
      MAX_CONCURRENCY: '2',
      RATE_LIMIT: '1000',
      ...(isTrusted && { NODE_EXTRA_CA_CERTS: authority.path }),
    });
    servers.push(server);
    return server;
  }

  it('is all that asynchronous executions and rates need', async () => {
    await startRedis('127.0.0.1');
    const [api, other, worker] = await Promise.all([start('api'), start('api'), start('worker')]);
    await eventually(
      () => Promise.all([api, other, worker].map(({ client }) => client.get(API_PATHS.ready))),
      (answers) => answers.every(({ status }) => status === 200),
      READY_MS,
    );
    const id = await acceptedJob(api.client, 'def main():\n    print("seen")\n    return 7');
    expect(await endOf(other.client, id)).toMatchObject({ status: 'succeeded', outcome: { result: 7 } });
    expect((await other.client.get(`${pathOf(id)}/events`)).text).toContain('seen');

    const long = await acceptedJob(api.client, sleeper(5));
    await eventually(
      () => jobOf(other.client, long),
      ({ body }) => body.status === 'running',
    );
    await cancelJob(other.client, long);
    expect(await endOf(api.client, long)).toMatchObject({ status: 'cancelled' });
    expect(redis.command('ACL', 'LOG')).toBe('');
    expect(servers.map(({ logRecords }) => logRecords.filter(({ level }) => Number(level) >= 40))).toEqual([
      [],
      [],
      [],
    ]);
  });

  it.each(FAULTS)('is not spoken to where it %s, and the log tells why', async (_, name, asked, reason) => {
    await startRedis(name);
    const api = await start('api', asked);
    const refused = await startJob(api.client, HELLO);
    expect(refused).toMatchObject({ status: 503, body: { code: 'SANDBOX_UNAVAILABLE' } });
    await eventually(
      () => api.logRecords.map(({ msg }) => String(msg)),
      (messages) => messages.some((message) => message.startsWith('Redis is gone') && reason.test(message)),
    );
    for (const text of [api.log, refused.text]) {
      expect(text).not.toContain(PASSWORD);
      expect(text).not.toContain(encodeURIComponent(PASSWORD));
    }
  });
});
