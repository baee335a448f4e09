import { allowNames, DEFAULT_POLICY_RULES } from '@pycell/script-policy';
import type { SandboxExecutor } from '@pycell/sandbox';
import type { Request, Response } from 'express';
import type { Caller } from '../callers/caller';
import { readConfiguration } from '../configuration/configuration';
import { ForeignForms } from '../http/foreign-forms';
import { MetadataController } from './metadata.controller';
import { MetadataService } from './metadata.service';

const CONFIGURATION = readConfiguration({ BUILD: 'cloud' });
const { limits, policyRules } = CONFIGURATION.sandbox;
const ANYBODY: Caller = {
  id: '127.0.0.1',
  key: null,
  maxPlaces: null,
  limits,
  policyRules,
  rate: null,
  version: 0,
};
const SHOP: Caller = {
  id: 'key:shop',
  key: 'shop',
  maxPlaces: 2,
  limits: { ...limits, timeoutSeconds: 2, maxScriptSize: 5_000 },
  policyRules: allowNames(DEFAULT_POLICY_RULES, ['open']),
  rate: { requests: 600, seconds: 60 },
  version: 1,
};

const executor = {
  isolation: 'nsjail',
  promises: [],
  latestSelfTest: null,
  selfTestBreaches: 0,
  zygotes: null,
  takesFiles: true,
  describePython: () => Promise.resolve({ version: null, packages: [], modules: [] }),
} as Partial<SandboxExecutor> as SandboxExecutor;

/** What `GET /` answers to a caller: its body, and its headers. */
async function described(
  caller: Caller,
  configuration = CONFIGURATION,
): Promise<{ body: unknown; headers: Record<string, unknown> }> {
  const controller = new MetadataController(new MetadataService(configuration, executor, new ForeignForms()));
  const headers: Record<string, unknown> = {};
  const response = {
    vary: (names: string) => void (headers['Vary'] = names),
    setHeader: (name: string, value: string) => void (headers[name] = value),
  };
  const body = await controller.describe({ caller } as unknown as Request, response as unknown as Response);
  return { body, headers };
}

describe('GET /', () => {
  it('tells what holds for asynchronous executions', async () => {
    const inMemory = { role: 'both', durable: false, keptSeconds: 3600, maxQueued: 1000 };
    expect((await described(ANYBODY)).body).toMatchObject({ asynchronous: inMemory });
    const shared = readConfiguration({
      ROLE: 'api',
      REDIS_URL: 'redis://127.0.0.1',
      EXECUTION_TTL: '60',
      MAX_QUEUED_MB: '1',
      MAX_KEPT_MB: '2',
    });
    expect((await described(ANYBODY, shared)).body).toMatchObject({
      asynchronous: {
        role: 'api',
        durable: true,
        keptSeconds: 60,
        maxQueuedBytes: 1_048_576,
        maxKeptBytes: 2_097_152,
      },
    });
  });

  it('tells who sends no key what holds for everybody', async () => {
    const { body, headers } = await described(ANYBODY);
    expect(body).toMatchObject({
      limits,
      scriptPolicy: { mode: 'enforce', ...DEFAULT_POLICY_RULES },
      caller: { key: null, places: null, rate: null },
    });
    expect(headers).toEqual({ Vary: 'X-API-Key, Authorization', 'Cache-Control': 'private, no-cache' });
  });

  it('tells a key what holds for it, which no cache may keep', async () => {
    const { body, headers } = await described(SHOP);
    expect(body).toMatchObject({
      limits: { ...limits, timeoutSeconds: 2, maxScriptSize: 5_000 },
      scriptPolicy: { mode: 'enforce', ...SHOP.policyRules },
      caller: { key: 'shop', places: 2, rate: { requests: 600, seconds: 60 } },
    });
    expect(headers).toEqual({ Vary: 'X-API-Key, Authorization', 'Cache-Control': 'no-store' });
  });

  it('tells a caller the rate that holds for it: its own, else that of everybody', async () => {
    const limited = readConfiguration({ BUILD: 'cloud', RATE_LIMIT: '20', RATE_LIMIT_WINDOW: '5' });
    const everybodys = { requests: 20, seconds: 5 };
    for (const [caller, rate] of [
      [ANYBODY, everybodys],
      [{ ...SHOP, rate: null }, everybodys],
      [SHOP, { requests: 600, seconds: 60 }],
    ] as const) {
      const { body } = await described(caller, limited);
      expect(body).toMatchObject({ caller: { key: caller.key, rate } });
    }
  });

  it('tells a key whose scripts nothing judges that the policy is off', async () => {
    const { body } = await described({ ...SHOP, policyRules: null });
    expect(body).toMatchObject({ scriptPolicy: { mode: 'off', blockedModules: [], blockedNames: [] } });
  });
});
