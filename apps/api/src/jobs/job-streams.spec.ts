import type { Request } from 'express';
import { Reader, until } from '../answers/reader.contract';
import type { Caller } from '../callers/caller';
import { readConfiguration } from '../configuration/configuration';
import { DrainState } from '../shutdown/drain-state';
import { OpenResponses } from '../shutdown/open-responses';
import { JobStreams } from './job-streams';
import { Jobs } from './jobs.service';
import { MemoryJobStore } from './memory/memory-job-store';
import { jobOf, OUTCOME } from './store-scene.contract';

/** Half of these for all, a quarter for one caller. */
const MAX_CONNECTIONS = 16;

describe('JobStreams', () => {
  const configuration = readConfiguration({ MAX_CONNECTIONS: String(MAX_CONNECTIONS) });
  let store: MemoryJobStore;
  let streams: JobStreams;
  let responses: OpenResponses;
  let clients: Reader[];

  beforeEach(() => {
    store = new MemoryJobStore(configuration.jobs);
    responses = new OpenResponses();
    streams = new JobStreams(
      new Jobs(store, new DrainState(), configuration),
      store,
      responses,
      configuration,
    );
    clients = [];
  });

  afterEach(async () => {
    clients.forEach((client) => client.close());
    responses.onApplicationShutdown();
    await store.stop();
  });

  async function started(): Promise<string> {
    const acceptance = await store.accept(jobOf('a'));
    return acceptance.kind === 'accepted' ? acceptance.record.id : '';
  }

  async function follow(id: string, callerId = 'a', lastEventId?: string): Promise<Reader> {
    const client = await Reader.connect();
    clients.push(client);
    const { limits, policyRules } = configuration.sandbox;
    const caller: Caller = {
      id: callerId,
      key: null,
      maxPlaces: null,
      limits,
      policyRules,
      rate: null,
      version: 0,
    };
    const get = (): string | undefined => lastEventId;
    const request = { caller, method: 'GET', get, headers: {} } as unknown as Request;
    await streams.send(id, request, client.response);
    return client;
  }

  const refused = { code: 'SANDBOX_BUSY', facts: { retryAfterSeconds: 5 } };

  it('are a quarter of the connections of one caller, and half of them of all', async () => {
    const id = await started();
    for (const caller of ['a', 'b']) {
      for (let index = 0; index < MAX_CONNECTIONS / 4; index++) {
        await follow(id, caller);
      }
      await expect(follow(id, caller)).rejects.toMatchObject(refused);
    }
    await expect(follow(id, 'c')).rejects.toThrow('As many executions are followed as may be');
    await expect(follow(id, 'c')).rejects.toMatchObject(refused);
    // One that ends makes room, for who has none as well.
    await clients[0]?.leave();
    await until(() => clients[0]?.response.closed === true);
    await follow(id, 'c');
    await expect(follow(id, 'd')).rejects.toMatchObject(refused);
  });

  it('are 204 for who has had all, and go on behind what a reader has', async () => {
    const id = await started();
    const job = await store.take();
    expect(await job?.begin()).toBe(true);
    job?.tell({ type: 'start' });
    await job?.end(OUTCOME);
    // start, the file, the result, the end.
    for (const [last, status] of [
      ['3', 200],
      ['4', 204],
      ['9999999999', 204],
    ] as const) {
      const client = await follow(id, 'a', last);
      const text = await client.readAll();
      expect(client.response.statusCode).toBe(status);
      expect(text).toBe(status === 200 ? 'id: 4\nevent: end\ndata: {}\n\n' : '');
    }
    await expect(follow(id, 'a', '-1')).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
  });
});
