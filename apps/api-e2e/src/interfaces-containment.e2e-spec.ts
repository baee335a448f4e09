import { describeContainmentThrough } from './containment/through-interfaces';
import { HOSTILE_SETTINGS } from './containment/containment';
import { ApiServer } from './harness/api-server';
import { describeCloud } from './harness/jail-support';

const { SCRIPT_TIMEOUT, MAX_THREADS } = HOSTILE_SETTINGS;

describeCloud('Hostile scripts through interfaces of other services, whose policy is off', () => {
  let server: ApiServer;

  beforeAll(async () => {
    // The policy of our own API is on: what lets these scripts run is the interface.
    server = await ApiServer.start({
      BUILD: 'cloud',
      INTERFACES: 'dify,ragflow',
      SCRIPT_TIMEOUT,
      MAX_THREADS,
    });
  });

  afterAll(() => server.stop());

  describeContainmentThrough(() => server.client, ['dify', 'ragflow']);
});
