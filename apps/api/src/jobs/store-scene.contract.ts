import type { JobsOptions } from '../configuration/jobs-options';
import type { JobEvent, JobOutcome, JobRecord, NewJob } from './job';
import type { JobSource, JobStore, TakenJob } from './job-store';

export type StoreOptions = Pick<
  JobsOptions,
  'ttlSeconds' | 'maxWaiting' | 'maxWaitingBytes' | 'maxKeptBytes'
>;

/** A store that has been started, with where workers get its jobs. */
export interface MadeStore {
  readonly store: JobStore;
  readonly source: JobSource;
  close(): Promise<void>;
}

export const MIB = 1024 * 1024;
const ROOMY: StoreOptions = {
  ttlSeconds: 60,
  maxWaiting: 100,
  maxWaitingBytes: 16 * MIB,
  maxKeptBytes: 16 * MIB,
};

/** So long a store may take until something is seen. */
export const SOON_MS = 5_000;

export const OUTCOME: JobOutcome = {
  httpStatus: 200,
  result: Buffer.from('[12345678901234567890,1.0]'),
  facts: '{"execution":{"id":"e"}}',
  output: '{"stdout":"out\\n","stderr":""}',
  artifacts: ['{"name":"a.txt","mediaType":"text/plain","sizeBytes":1,"base64":"YQ=="}'],
};
export const FAILURE: JobOutcome = {
  httpStatus: 422,
  result: null,
  facts: '{"error":"x","code":"SCRIPT_ERROR"}',
  output: '{}',
  artifacts: [],
};

export function jobOf(owner: string, more: Partial<NewJob> = {}): NewJob {
  const body = Buffer.from(`{"script":"def main(): return 1 # ${owner}"}`);
  return { owner, key: null, maxPlaces: null, body, idempotencyKey: null, callbackUrl: null, ...more };
}

export async function until<T>(look: () => Promise<T | null>): Promise<T> {
  const end = performance.now() + SOON_MS;
  for (;;) {
    const found = await look();
    if (found !== null) {
      return found;
    }
    if (performance.now() > end) {
      throw new Error('it never came to be');
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A store in a test, as clients and workers use it. */
export class StoreScene {
  private made: MadeStore | null = null;

  constructor(private readonly make: (options: StoreOptions) => Promise<MadeStore>) {}

  async open(options: Partial<StoreOptions> = {}): Promise<void> {
    this.made = await this.make({ ...ROOMY, ...options });
  }

  async close(): Promise<void> {
    await this.made?.close();
    this.made = null;
  }

  get store(): JobStore {
    return this.opened.store;
  }

  get source(): JobSource {
    return this.opened.source;
  }

  async accepted(job: NewJob): Promise<JobRecord> {
    const acceptance = await this.store.accept(job);
    if (acceptance.kind !== 'accepted') {
      throw new Error(`it was not accepted: ${acceptance.kind}`);
    }
    return acceptance.record;
  }

  /** Waits as a worker does, and takes the next. */
  taken(): Promise<TakenJob> {
    return until(async () => {
      await this.source.waiting(AbortSignal.timeout(SOON_MS));
      return this.source.take();
    });
  }

  async begun(): Promise<TakenJob> {
    const job = await this.taken();
    expect(await job.begin()).toBe(true);
    return job;
  }

  async run(job: NewJob, outcome = OUTCOME): Promise<string> {
    const { id } = await this.accepted(job);
    const worked = await this.begun();
    expect(worked.id).toBe(id);
    expect(await worked.end(outcome)).toBe(true);
    return id;
  }

  /** Reads all, as small pages. */
  async eventsOf(id: string, after = 0): Promise<readonly JobEvent[]> {
    const all: JobEvent[] = [];
    for (;;) {
      const { events, told } = await this.store.eventsAfter(id, after + all.length, 1_000);
      all.push(...events);
      if (after + all.length >= told) {
        return all;
      }
      expect(events.length).toBeGreaterThan(0);
    }
  }

  async textsOf(id: string): Promise<string> {
    const events = await this.eventsOf(id);
    return events.map((event) => (event.type === 'start' ? '>' : event.text)).join('');
  }

  private get opened(): MadeStore {
    if (!this.made) {
      throw new Error('no store is open');
    }
    return this.made;
  }
}
