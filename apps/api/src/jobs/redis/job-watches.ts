import type { RedisLink } from './redis-link';
import { isId } from './redis-answers';
import { KEYS } from './scripts/prelude';

/** What is published can be lost with the connection: those who watch look by themselves so often. */
const LOOK_INTERVAL_MS = 5_000;

/** Called when something has come of an execution; `hasEnded` where that is known to be its end. */
export type OnChange = (hasEnded: boolean) => void;

/** What is published of executions, and that something waits, for those of this process who want to know. */
export class JobWatches {
  private readonly watches = new Map<string, Set<OnChange>>();
  private readonly wakes = new Set<() => void>();
  private timer: NodeJS.Timeout | null = null;
  private wakeCount = 0;

  constructor(private readonly link: RedisLink) {
    link.subscriber.on('message', (channel: string, message: string) => this.hear(channel, message));
    link.subscriber.on('ready', () => this.subscribeAll());
  }

  start(): void {
    this.timer = setInterval(() => {
      // A connection that is dead without a word is found so, and made anew.
      this.link.subscriber.ping().catch(() => undefined);
      this.callAll();
    }, LOOK_INTERVAL_MS).unref();
    this.subscribe(KEYS.wake);
  }

  stop(): void {
    if (this.timer) {
      clearInterval(this.timer);
    }
  }

  watch(id: string, onChange: OnChange): () => void {
    if (!isId(id)) {
      return () => undefined;
    }
    const all = this.watches.get(id) ?? new Set();
    all.add(onChange);
    if (all.size === 1) {
      this.watches.set(id, all);
      // Those who have come while it was on its way, too.
      this.subscribe(KEYS.changed + id, () => this.call(id, false));
    }
    return () => {
      all.delete(onChange);
      if (all.size === 0 && this.watches.get(id) === all) {
        this.watches.delete(id);
        this.link.subscriber.unsubscribe(KEYS.changed + id).catch(() => undefined);
      }
    };
  }

  /** How often it was said that something waits. */
  get wakesSoFar(): number {
    return this.wakeCount;
  }

  /** Has something called once, when something may wait. */
  onWake(wake: () => void): () => void {
    this.wakes.add(wake);
    return () => void this.wakes.delete(wake);
  }

  /** Has those called who watch, and those who wait. */
  callAll(): void {
    this.watches.forEach((all) => all.forEach((onChange) => onChange(false)));
    this.wake();
  }

  /** What came between the question and the subscription is not heard: whoever watches looks once more. */
  private subscribe(channel: string, then?: () => void): void {
    // Without a connection it fails: all are subscribed to when there is one.
    this.link.subscriber.subscribe(channel).then(then, () => undefined);
  }

  /** With a new connection, on which nothing has been subscribed to; what came in between was not heard. */
  private subscribeAll(): void {
    const channels = [...this.watches.keys()].map((id) => KEYS.changed + id);
    const all = () => this.callAll();
    this.link.subscriber.subscribe(KEYS.wake, ...channels).then(all, () => undefined);
  }

  private hear(channel: string, message: string): void {
    if (channel === KEYS.wake) {
      this.wake();
      return;
    }
    this.call(channel.slice(KEYS.changed.length), message === 'ended');
  }

  private call(id: string, hasEnded: boolean): void {
    this.watches.get(id)?.forEach((onChange) => onChange(hasEnded));
  }

  private wake(): void {
    this.wakeCount++;
    const wakes = [...this.wakes];
    this.wakes.clear();
    wakes.forEach((wake) => wake());
  }
}
