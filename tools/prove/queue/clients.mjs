/** Clients of two APIs, of which each may be gone: they start executions, look after them, cancel some, and follow some. */
import { setTimeout as delay } from 'node:timers/promises';
import { ask, followOnce } from './http.mjs';

const SENDERS = 8;
const WATCHERS = 4;
/** Between two looks of one watcher: the looks should cost the processors little. */
const LOOK_GAP_MS = 25;
/** More than may wait, so that some are refused. */
const MOST_OPEN = 350;
/** What a client waits at most, whatever Retry-After says: the proof is to press. */
const LONGEST_WAIT_MS = 1_500;
const AFTER_LOSS_MS = 100;
/** Shares of all executions that are sent again after their 202, looked at again after their end, and followed by events. */
const SENT_AGAIN = 0.1;
const LOOKED_AT_AGAIN = 0.15;
const FOLLOWED = 0.04;
const MOST_FOLLOWED_AT_ONCE = 12;
/** In the end everybody is asked for, and some for their events. */
const ASKERS = 8;
const EVENTS_ASKED = 0.1;
const ENDS = ['succeeded', 'failed', 'cancelled'];

export class Clients {
  /** What the checker is given. */
  ids = new Map();
  seen = new Map();
  finals = new Map();
  streams = new Map();
  /** Answers that a client of the service must not get, in words. */
  surprises = [];
  counts = { refused: 0, lostConnections: 0, repeated: 0 };
  #fleet;
  #plan;
  #random;
  #next = 0;
  #open = [];
  #ended = [];
  #owners = new Map();
  #following = new Set();
  #isOver = false;

  constructor(fleet, plan, random) {
    this.#fleet = fleet;
    this.#plan = plan;
    this.#random = random;
  }

  get endedCount() {
    return this.#ended.length;
  }

  get openIds() {
    return this.#open.map(({ id }) => id);
  }

  /** Sends all, and watches until all have ended. */
  async run() {
    const senders = Array.from({ length: SENDERS }, () => this.#send());
    const watchers = Array.from({ length: WATCHERS }, () => this.#watch());
    await Promise.all(senders);
    await Promise.all(watchers);
    await Promise.all(this.#following);
  }

  /** Has everybody give up. */
  abandon() {
    this.#isOver = true;
  }

  /** Asks for all once more, and for the events of some. */
  async askForAll() {
    const ids = [...this.#ended];
    const asker = async () => {
      for (let id = ids.pop(); id !== undefined && !this.#isOver; id = ids.pop()) {
        const { status, text } = await this.#ask(id, { path: `/executions/${id}` });
        this.finals.set(id, { status, text });
        if (this.#random() < EVENTS_ASKED || text.includes('SANDBOX_UNAVAILABLE')) {
          await this.#follow(id);
        }
      }
    };
    await Promise.all(Array.from({ length: ASKERS }, asker));
  }

  async #send() {
    const { executions } = this.#plan;
    while (this.#next < executions.length && !this.#isOver) {
      if (this.#open.length >= MOST_OPEN) {
        await delay(LOOK_GAP_MS);
        continue;
      }
      const execution = executions[this.#next++];
      const id = await this.#start(execution);
      if (id === null) {
        continue;
      }
      this.#owners.set(id, execution.owner);
      this.seen.set(id, { states: [], at: 0, ends: new Set() });
      this.#open.push({ id, execution });
      if (this.#random() < SENT_AGAIN) {
        this.counts.repeated++;
        await this.#start(execution);
      }
      this.#look(id, execution);
    }
  }

  /** Starts an execution: sends it until it is accepted. Null where the clients have given up. */
  async #start({ number, owner, idempotencyKey, body }) {
    const headers = {
      ...{ 'Content-Type': 'application/json', 'X-API-Key': this.#fleet.keys[owner] },
      'Idempotency-Key': idempotencyKey,
    };
    const what = { method: 'POST', path: '/executions', headers, body: JSON.stringify(body) };
    for (let attempt = Math.floor(this.#random() * 2); !this.#isOver; attempt++) {
      const answer = await this.#try(attempt, what);
      if (answer?.status === 202) {
        const { id } = JSON.parse(answer.text);
        this.ids.set(number, (this.ids.get(number) ?? new Set()).add(id));
        return id;
      }
      await this.#afterRefusal(answer, 'POST /executions');
    }
    return null;
  }

  /** Whether and how an execution is cancelled or followed besides. */
  #look(id, { kind }) {
    const besides = async () => {
      if (kind === 'cancel') {
        await delay(this.#random() * 2_000);
        const answer = await this.#ask(id, { method: 'DELETE', path: `/executions/${id}` });
        this.#see(id, answer, { isCancel: true });
      } else if (this.#random() < FOLLOWED && this.#following.size < MOST_FOLLOWED_AT_ONCE) {
        await this.#follow(id);
      }
    };
    const whole = besides().catch((error) => {
      this.surprises.push(`${id}: ${error.message}`);
    });
    this.#following.add(whole);
    void whole.finally(() => this.#following.delete(whole));
  }

  async #watch() {
    while (!this.#isOver && (this.#next < this.#plan.executions.length || this.#open.length > 0)) {
      await delay(LOOK_GAP_MS);
      if (this.#ended.length > 0 && this.#random() < LOOKED_AT_AGAIN) {
        const id = this.#ended[Math.floor(this.#random() * this.#ended.length)];
        this.#see(id, await this.#ask(id, { path: `/executions/${id}` }));
        continue;
      }
      const one = this.#open.shift();
      if (one) {
        const answer = await this.#ask(one.id, { path: `/executions/${one.id}` });
        if (this.#see(one.id, answer)) {
          this.#ended.push(one.id);
        } else {
          this.#open.push(one);
        }
      }
    }
  }

  /** Keeps what was answered for an id. @returns whether that is its end */
  #see(id, { text, askedAt }, { isCancel = false } = {}) {
    const { status } = JSON.parse(text || '{}');
    const seen = this.seen.get(id);
    // An answer may be older than one to a question that was asked later.
    if (status !== seen.states.at(-1) && askedAt >= seen.at) {
      seen.states.push(status);
      seen.at = performance.now();
    }
    const isEnd = ENDS.includes(status);
    if (isEnd && !isCancel) {
      seen.ends.add(text);
    }
    return isEnd;
  }

  /** Asks for what there must be, until it is answered. */
  async #ask(id, { method, path }) {
    const headers = { 'X-API-Key': this.#fleet.keys[this.#owners.get(id)] };
    for (let attempt = Math.floor(this.#random() * 2); !this.#isOver; attempt++) {
      const answer = await this.#try(attempt, { method, path, headers });
      if (answer?.status === 200) {
        return answer;
      }
      if (answer && answer.status !== 503) {
        this.surprises.push(`${method ?? 'GET'} ${path}: ${answer.status} ${answer.text.slice(0, 200)}`);
        return answer;
      }
      await this.#afterRefusal(answer, path);
    }
    return { status: 0, text: '', askedAt: 0 };
  }

  /** Follows an execution to its end, over lost connections, from the event after the last one that came. */
  async #follow(id) {
    const events = [];
    for (let attempt = 0; !this.#isOver && events.at(-1)?.type !== 'end'; attempt++) {
      const api = this.#fleet.apis[attempt % this.#fleet.apis.length];
      const headers = {
        'X-API-Key': this.#fleet.keys[this.#owners.get(id)],
        ...(events.length > 0 && { 'Last-Event-ID': String(events.at(-1).id) }),
      };
      const path = `/executions/${id}/events`;
      const status = await followOnce(api.url, path, headers, (event) => events.push(event)).catch(() => 0);
      if (![0, 200, 503].includes(status)) {
        this.surprises.push(`${path}: ${status}`);
        break;
      }
      if (events.at(-1)?.type !== 'end') {
        await delay(AFTER_LOSS_MS);
      }
    }
    this.streams.set(id, events);
  }

  /** Null where the connection is lost. */
  async #try(attempt, what) {
    const api = this.#fleet.apis[attempt % this.#fleet.apis.length];
    const askedAt = performance.now();
    try {
      return { ...(await ask(api.url, what)), askedAt };
    } catch {
      // It was killed, or hangs: the other one is next.
      this.counts.lostConnections++;
      return null;
    }
  }

  async #afterRefusal(answer, what) {
    if (!answer) {
      return delay(AFTER_LOSS_MS);
    }
    const retryAfter = Number(answer.headers['retry-after']);
    if (answer.status !== 503 || !(retryAfter >= 1)) {
      this.surprises.push(
        `${what}: ${answer.status}, Retry-After ${retryAfter}: ${answer.text.slice(0, 200)}`,
      );
    }
    this.counts.refused++;
    return delay(Math.min(LONGEST_WAIT_MS, (retryAfter || 1) * 1_000 * this.#random()));
  }
}
