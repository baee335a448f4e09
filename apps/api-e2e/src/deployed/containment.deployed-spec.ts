import { describeContainment, HOSTILE_SETTINGS, HOSTILE_SETTINGS_GVISOR } from '../containment/containment';
import type { RunningService } from '../harness/running-service';
import { connectToDeployed, describeDeployed, isInsideGvisor } from './deployed-service';

const SETTINGS = isInsideGvisor ? HOSTILE_SETTINGS_GVISOR : HOSTILE_SETTINGS;

describe('A hostile script in a deployed service, with the policy off', () => {
  let server: RunningService;

  beforeAll(async () => {
    server = await connectToDeployed();
  });

  afterAll(() => server.stop());

  it('is tested against a jail that was started for it', async () => {
    const { environment, isolation, scriptPolicy, limits } = await describeDeployed(server);
    expect(isolation.startsWith('gvisor')).toBe(isInsideGvisor);
    expect({ environment, policy: scriptPolicy.mode, ...limits }).toMatchObject({
      environment: 'cloud',
      policy: SETTINGS.SCRIPT_POLICY,
      timeoutSeconds: Number(SETTINGS.SCRIPT_TIMEOUT),
      maxThreads: Number(SETTINGS.MAX_THREADS),
    });
  });

  describeContainment(() => server.client, {
    isWarm: process.env['PYCELL_JAIL_PER_RUN'] !== 'true',
    isInsideGvisor,
  });

  it('leaves the service able to run the next script', async () => {
    expect((await server.client.execute('def main():\n    return "fine"')).body.result).toBe('fine');
  });
});
