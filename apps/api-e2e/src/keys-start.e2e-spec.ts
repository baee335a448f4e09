import { ApiServer, ServerProcess } from './harness/api-server';
import { KeysFile, newKey } from './harness/keys-file';

describe('The start of a service', () => {
  const refusalWith = async (environment: Record<string, string>): Promise<string> => {
    const server = new ServerProcess({ BUILD: 'local', ...environment });
    expect((await server.exited).code).toBe(1);
    return server.log;
  };

  it('is refused without the keys that are required', async () => {
    expect(await refusalWith({ REQUIRE_API_KEY: 'true' })).toMatch(
      /REQUIRE_API_KEY is "true", expected API_KEYS_FILE beside it: "npm run keys -- add NAME"/,
    );
    const file = new KeysFile();
    try {
      expect(await refusalWith({ REQUIRE_API_KEY: 'true', API_KEYS_FILE: file.path })).toMatch(/has no keys/);
    } finally {
      file.dispose();
    }
  });

  it('is refused with a file that is wrong: each fault is named, and nothing of the file is told', async () => {
    const file = new KeysFile();
    const key = file.add('shop', { places: 0, timeoutMs: 60_000, secret: newKey() });
    try {
      const log = await refusalWith({ API_KEYS_FILE: file.path });
      expect(log).toMatch(/cannot start\. Invalid configuration:/);
      expect(log).toMatch(/keys\.json: key "shop": places is 0, expected a whole number/);
      expect(log).toMatch(/keys\.json: key "shop": it has the unknown field "secret"/);
      expect(log).not.toContain(key);
    } finally {
      file.dispose();
    }
  });

  it('says loudly that it is open where others may reach it, and says so on loopback', async () => {
    for (const [host, words] of [
      ['0.0.0.0', /^OPEN: there are no keys, so WHOEVER REACHES 0\.0\.0\.0 MAY RUN SCRIPTS/m],
      ['127.0.0.1', /^Open: there are no keys, so whoever is on this machine/m],
    ] as const) {
      const server = await ApiServer.listen({ BUILD: 'local', HOST: host });
      await server.stop();
      expect(server.process.stderr).toMatch(words);
    }
  });
});
