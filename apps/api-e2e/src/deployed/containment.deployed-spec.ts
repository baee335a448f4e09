import { describeContainment, HOSTILE_SETTINGS } from '../containment/containment';
import type { RunningService } from '../harness/running-service';
import { connectToDeployed, describeDeployed, isInsideGvisor } from './deployed-service';

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
      policy: HOSTILE_SETTINGS.SCRIPT_POLICY,
      timeoutSeconds: Number(HOSTILE_SETTINGS.SCRIPT_TIMEOUT),
      maxThreads: Number(HOSTILE_SETTINGS.MAX_THREADS),
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
