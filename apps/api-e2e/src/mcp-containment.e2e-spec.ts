import { describeContainment, HOSTILE_SETTINGS } from './containment/containment';
import { ApiServer } from './harness/api-server';
import { describeCloud } from './harness/jail-support';
import { ExecutingMcpClient } from './harness/mcp-client';

/** Of each theme; the jail's own suites try all of them. */
const SHARE = 0.15;
/** The policy is off at an interface whatever holds elsewhere: it is on here. */
const { SCRIPT_TIMEOUT, MAX_THREADS } = HOSTILE_SETTINGS;

describeCloud('Hostile scripts by run_python', () => {
  let server: ApiServer;
  let client: ExecutingMcpClient;

  beforeAll(async () => {
    server = await ApiServer.start({ SCRIPT_TIMEOUT, MAX_THREADS, BUILD: 'cloud', INTERFACES: 'mcp' });
    client = new ExecutingMcpClient(server.client.baseUrl);
  });

  afterAll(async () => {
    client.close();
    await server.stop();
  });

  describeContainment(() => client, { isWarm: true, share: SHARE });
  describe('with files and standard input beside it', () => {
    describeContainment(() => client, { isWarm: true, share: SHARE / 3, withBelongings: true });
  });
});
