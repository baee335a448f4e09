import { type EventPage, type JobExtent, MAX_STORED_NOTE_BYTES } from '../job-store';
import type { JobOutcome } from '../job';
import { JobScripts } from './job-scripts';
import { ReadBudget } from './read-budget';
import { listOf, readEvent, textOf, wholeOf } from './redis-answers';
import type { RedisLink } from './redis-link';
import { lostOutcome, readOutcome } from './stored-outcome';

/** So much may be held of what is being read, by all of this process. */
const BUDGET_BYTES = 64 * 1024 * 1024;
/** What is read takes its bytes, and about as much again as what is made of them. */
const BYTES_A_BYTE = 2;
/** What is asked again after a lost answer is asked so long: a client waits for it. */
const ASK_FOR_MS = 300;
/** The largest event that is one of ours. */
const MAX_EVENT_BYTES = 1024 * 1024;
const MAX_OUTCOME_FIELDS = 2_200;

interface StoredExtent extends JobExtent {
  readonly owner: string;
  readonly fields: number;
  readonly bytes: number;
}

/**
 * Reads events and outcomes, which may be large: on a connection of their own, so that nothing else waits behind them, and
 * within a budget, so that memory holds what is being read however much is asked for at once. What is being sent is bounded elsewhere.
 */
export class LargeReads {
  private readonly reading: JobScripts;
  private readonly budget = new ReadBudget(BUDGET_BYTES);
  /** Outcomes that are being read: who asks for the same one has the same. */
  private readonly outcomes = new Map<string, Promise<JobOutcome | null>>();

  /** @param scripts for short answers, on the connection for commands */
  constructor(
    private readonly link: RedisLink,
    private readonly scripts: JobScripts,
    private readonly maxOutcomeBytes: number,
  ) {
    this.reading = new JobScripts(link.reader);
  }

  async extentOf(id: string): Promise<JobExtent | null> {
    const extent = await this.storedExtentOf(id);
    return extent && { told: extent.told, artifacts: extent.artifacts };
  }

  outcomeOf(id: string): Promise<JobOutcome | null> {
    const known = this.outcomes.get(id);
    if (known) {
      return known;
    }
    const outcome = this.storedExtentOf(id)
      .then((extent) => this.readOutcome(id, extent))
      .finally(() => this.outcomes.delete(id));
    this.outcomes.set(id, outcome);
    return outcome;
  }

  /** The same, where it has no more bytes than that. */
  async outcomeWithin(id: string, maxBytes: number): Promise<JobOutcome | 'too large' | null> {
    const extent = await this.storedExtentOf(id);
    return extent && extent.bytes > maxBytes ? 'too large' : this.readOutcome(id, extent);
  }

  /** @param owner whose turn it takes */
  eventsAfter(id: string, after: number, maxBytes: number, owner: string): Promise<EventPage> {
    return this.read(owner, maxBytes, async () => {
      const answer = await this.reading.run('events', id, Math.max(0, after), maxBytes, MAX_EVENT_BYTES);
      const [told, events] = listOf(answer, 2);
      return { told: wholeOf(told), events: listOf(events).map(readEvent) };
    });
  }

  noteOf(id: string): Promise<string | null> {
    return this.read(id, MAX_STORED_NOTE_BYTES, async () => {
      const note = await this.reading.run('note', id, MAX_STORED_NOTE_BYTES);
      return note === null ? null : textOf(note, MAX_STORED_NOTE_BYTES);
    });
  }

  private async storedExtentOf(id: string): Promise<StoredExtent | null> {
    const call = () => this.scripts.run('extent', id, MAX_OUTCOME_FIELDS);
    const answer = await this.link.insist(call, ASK_FOR_MS);
    if (answer === null) {
      return null;
    }
    const [owner, told, artifacts, fields, bytes] = listOf(answer, 5);
    return {
      owner: textOf(owner),
      told: wholeOf(told),
      artifacts: wholeOf(artifacts),
      fields: wholeOf(fields),
      bytes: wholeOf(bytes),
    };
  }

  private async readOutcome(id: string, extent: StoredExtent | null): Promise<JobOutcome | null> {
    if (!extent || extent.fields === 0) {
      return null;
    }
    const { owner, fields, bytes } = extent;
    if (fields > MAX_OUTCOME_FIELDS || bytes > this.maxOutcomeBytes) {
      return lostOutcome(id);
    }
    return this.read(owner, bytes, async () => {
      const answer = await this.reading.runForBytes('outcome', id, bytes, MAX_OUTCOME_FIELDS);
      if (answer === null) {
        return null;
      }
      const [http, values] = listOf(answer);
      const outcome = Array.isArray(values) ? await readOutcome(http, values) : null;
      return outcome ?? lostOutcome(id);
    });
  }

  private read<T>(owner: string, bytes: number, work: () => Promise<T>): Promise<T> {
    return this.link.insistOn(async () => {
      const release = await this.budget.acquire(owner, BYTES_A_BYTE * bytes);
      const turn = { hasBegun: false };
      try {
        return await this.link.read(() => {
          turn.hasBegun = true;
          // Until it is over, though nobody may wait for it any more: what comes late takes its room all the same.
          return work().finally(release);
        });
      } finally {
        if (!turn.hasBegun) {
          release();
        }
      }
    }, ASK_FOR_MS);
  }
}
