import { PycellClient } from '@pycell/api-client';
import { ApiServer } from './harness/api-server';
import { describeCloud } from './harness/jail-support';
import { KeysFile, newKey } from './harness/keys-file';

describeCloud('The TypeScript client with keys', () => {
  const file = new KeysFile();
  const key = file.add('shop', { rate: { requests: 3, seconds: 2 } });
  const disabled = file.add('former', { disabled: true });
  let server: ApiServer;

  beforeAll(async () => {
    server = await ApiServer.start({ BUILD: 'cloud', API_KEYS_FILE: file.path });
  });

  afterAll(async () => {
    await server.stop();
    file.dispose();
  });

  const clientOf = (apiKey?: string): PycellClient =>
    new PycellClient({ baseUrl: server.client.baseUrl, ...(apiKey !== undefined && { apiKey }) });

  it.each([
    ['none', undefined, 'UNAUTHENTICATED', 401],
    ['an unknown one', newKey(), 'UNAUTHENTICATED', 401],
    ['one that is switched off', disabled, 'FORBIDDEN', 403],
  ])('is refused with %s', async (_what, apiKey, code, status) => {
    await expect(clientOf(apiKey).execute({ script: 'def main(): pass' })).rejects.toMatchObject({
      name: 'RefusedError',
      code,
      status,
    });
  });

  it('keeps to the rate of its key, and comes to its end all the same', async () => {
    const client = clientOf(key);
    const begunAt = performance.now();
    for (let n = 0; n < 5; n += 1) {
      expect((await client.execute({ script: `def main():\n    return ${n}` })).result).toBe(n);
    }
    // Three at once, and the others when there was room again.
    expect(performance.now() - begunAt).toBeGreaterThan(900);
    expect((await client.metadata()).caller?.key).toBe('shop');
  });
});
