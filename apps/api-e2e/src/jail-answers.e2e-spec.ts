import { describeContainment, HOSTILE_SETTINGS } from './containment/containment';
import { BatchClient, StreamingClient } from './harness/answering-clients';
import type { ApiServer } from './harness/api-server';
import { describeJailMode } from './harness/jail-modes';
import { JobsClient } from './harness/jobs-client';

/** What hostile scripts meet does not depend on how they are answered. */
const WAYS = [
  ['a stream', StreamingClient, false],
  ['a batch', BatchClient, true],
  ['an execution that is asked for later', JobsClient, false],
] as const;

describeJailMode('warm', (mode) => {
  let server: ApiServer;

  beforeAll(async () => {
    server = await mode.start(HOSTILE_SETTINGS);
  });

  afterAll(() => mode.stop(server));

  describe.each(WAYS)('answered by %s', (_way, Client, onlyScripts) => {
    let client: InstanceType<typeof Client>;

    beforeAll(() => {
      client = new Client(server.client.baseUrl);
    });

    afterAll(() => client.close());

    describeContainment(() => client, { ...mode, share: mode.share / 4, onlyScripts });
  });
});
