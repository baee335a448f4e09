import type { JobOutcome, JobRecord } from './job';
import { type EventPage, type JobStore, NO_EVENTS } from './job-store';

/** So much is taken from the store at a time; a reader that takes it slowly has no more of our memory. */
export const PAGE_BYTES = 256 * 1024;
/** Once there are events, who follows looks no more often. */
const LOOK_INTERVAL_MS = 100;

/** What there is of a job behind a number. */
export interface JobLook extends EventPage {
  /** Asked for first: where it has ended, all events are there. Null where it is forgotten. */
  readonly record: JobRecord | null;
}

/** Reads one job for all in this process who follow it: what is new is asked for once, however many want it. */
export class JobReader {
  private readonly followers = new Set<() => void>();
  /** By the number behind which it looks: those that were begun since it was last told that there may be something new. */
  private readonly looks = new Map<number, Promise<JobLook>>();
  private outcome: Promise<JobOutcome | null> | null = null;
  private hasEvents = false;
  private toldAt = -Infinity;
  private timer: NodeJS.Timeout | null = null;
  private readonly unwatch: () => void;

  /** @param onLeft called when nobody follows any more; it is of no use then */
  constructor(
    private readonly id: string,
    private readonly store: JobStore,
    private readonly onLeft: () => void,
  ) {
    this.unwatch = store.watch(id, () => this.hear());
  }

  /** Has something called when it is time to look again. Returns how to end that. */
  follow(onChange: () => void): () => void {
    this.followers.add(onChange);
    return () => {
      if (this.followers.delete(onChange) && this.followers.size === 0) {
        this.close();
      }
    };
  }

  /** @throws JobStoreUnavailable */
  look(after: number): Promise<JobLook> {
    return shared(this.looks, after, () => this.lookInto(after));
  }

  /** The outcome of one that has ended. @throws JobStoreUnavailable */
  outcomeOf(): Promise<JobOutcome | null> {
    this.outcome ??= this.store.outcomeOf(this.id).finally(() => (this.outcome = null));
    return this.outcome;
  }

  private async lookInto(after: number): Promise<JobLook> {
    const record = await this.store.find(this.id);
    const page = record ? await this.store.eventsAfter(this.id, after, PAGE_BYTES, record.owner) : NO_EVENTS;
    this.hasEvents ||= page.told > 0;
    return { record, ...page };
  }

  private hear(): void {
    if (this.timer) {
      return;
    }
    const leftMs = this.hasEvents ? this.toldAt + LOOK_INTERVAL_MS - performance.now() : 0;
    if (leftMs <= 0) {
      this.tell();
    } else {
      this.timer = setTimeout(() => {
        this.timer = null;
        this.tell();
      }, leftMs).unref();
    }
  }

  private tell(): void {
    this.toldAt = performance.now();
    // What is being looked at may be older.
    this.looks.clear();
    [...this.followers].forEach((onChange) => onChange());
  }

  private close(): void {
    this.unwatch();
    if (this.timer) {
      clearTimeout(this.timer);
    }
    this.onLeft();
  }
}

/** The jobs that are followed in this process. */
export class JobReaders {
  private readonly readers = new Map<string, JobReader>();

  constructor(private readonly store: JobStore) {}

  /** Returns who reads a job; it is to be followed at once. */
  of(id: string): JobReader {
    const known = this.readers.get(id);
    if (known) {
      return known;
    }
    const reader = new JobReader(id, this.store, () => this.readers.delete(id));
    this.readers.set(id, reader);
    return reader;
  }
}

/** Returns what is being made for others, where it is. */
function shared<Key, Value>(
  all: Map<Key, Promise<Value>>,
  key: Key,
  make: () => Promise<Value>,
): Promise<Value> {
  const known = all.get(key);
  if (known) {
    return known;
  }
  const made = make().finally(() => {
    if (all.get(key) === made) {
      all.delete(key);
    }
  });
  all.set(key, made);
  return made;
}
