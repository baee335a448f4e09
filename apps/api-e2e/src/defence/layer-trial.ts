import { setTimeout as delay } from 'node:timers/promises';
import { API_PATHS } from '@pycell/contracts';
import { HOSTILE_SETTINGS } from '../containment/containment';
import type { ContainmentCase } from '../containment/containment-case';
import type { ExecuteAnswer, HttpClient } from '../harness/http-client';
import { markedScript } from '../harness/marked-script';
import { type Layer, unproved } from './layers';
import { type CopyChanges, LimitedContainer } from './limited-container';
import { type JailSight, lookAt } from './process-sight';
import { judge, type Judgement, worse } from './verdict';

/** A container copies the installation first. */
const START_MS = 120_000;
const POLL_MS = 50;
const ENVIRONMENT = { BUILD: 'cloud', MAX_CONCURRENCY: '4', ...HOSTILE_SETTINGS };
const HELLO = 'def main():\n    return "hello"';
/** By which of its checks the service or its supervisor refuses to run anything. */
const REFUSAL = /isolation (?:self-test|check) failed: ([^.("\\]*)/;

/** Tries hostile scripts in a jail that lacks a layer. */
export class LayerTrial {
  private container: LimitedContainer | null = null;

  constructor(private readonly layer: Layer) {}

  /** What the service says of a jail without the layer, before it would run anything: `no` where it notices nothing. */
  async notice(): Promise<string> {
    const container = LimitedContainer.start(ENVIRONMENT, this.layer.changes);
    try {
      return await firstWord(container);
    } finally {
      await container.stop();
    }
  }

  /** Starts a service that notices nothing. @throws Error with its log when it runs no script */
  async start(): Promise<void> {
    const changes: CopyChanges = unproved(this.layer.changes);
    this.container = LimitedContainer.start(ENVIRONMENT, changes);
    const word = await firstWord(this.container);
    if (word !== 'no' || !(await this.runsScripts())) {
      throw new Error(`without ${this.layer.name} no script runs (${word}):\n${this.container.log}`);
    }
  }

  async stop(): Promise<void> {
    await this.container?.stop();
    this.container = null;
  }

  /** Looks at a run from the host, and at one beside it. */
  async look(): Promise<JailSight> {
    const runs = [markedScript('time.sleep(3)'), markedScript('time.sleep(3)')] as const;
    const answers = runs.map(({ script }) => this.running.client.execute(script));
    const [run, neighbour] = await Promise.all([runs[0].running(), runs[1].running()]);
    const sight = { run: lookAt(run.pid), neighbour: lookAt(neighbour.pid), supervisor: lookAt(run.parent) };
    await Promise.all(answers);
    return sight;
  }

  /** Tries one script; where it did not hold, once more: the worse counts, and what is clear rather than what is not. */
  async attempt(entry: ContainmentCase): Promise<Judgement> {
    const first = await this.attemptOnce(entry);
    if (first.verdict === 'held') {
      return first;
    }
    const second = await this.attemptOnce(entry);
    return first.isUnclear ? second : worse(first, second);
  }

  private async attemptOnce({ script, outcome, request }: ContainmentCase): Promise<Judgement> {
    let answer: ExecuteAnswer;
    try {
      answer = await this.running.client.execute(script, undefined, request);
    } catch {
      // The service was lost under it.
      await this.startAgain();
      return { verdict: 'fell', differences: ['no answer'] };
    }
    if (answer.status >= 500 && !(await this.runsScripts())) {
      await this.startAgain();
    }
    return judge(outcome, answer);
  }

  /** To the service in there. */
  get client(): HttpClient {
    return this.running.client;
  }

  private get running(): LimitedContainer {
    if (this.container === null) {
      throw new Error('not started');
    }
    return this.container;
  }

  private async startAgain(): Promise<void> {
    await this.stop();
    await this.start();
  }

  private async runsScripts(): Promise<boolean> {
    const { body } = await this.running.client.execute(HELLO);
    return body.result === 'hello';
  }
}

/** Waits until the service is ready, refuses to run anything, or has ended. */
async function firstWord(container: LimitedContainer): Promise<string> {
  const deadline = Date.now() + START_MS;
  for (;;) {
    const refusal = REFUSAL.exec(container.log)?.[1];
    if (refusal !== undefined) {
      return refusal.trim();
    }
    if (container.hasEnded || Date.now() > deadline) {
      throw new Error(`the container does not serve:\n${container.log}`);
    }
    if (await isReady(container)) {
      return 'no';
    }
    await delay(POLL_MS);
  }
}

async function isReady({ client }: LimitedContainer): Promise<boolean> {
  try {
    return (await client.get(API_PATHS.ready)).status === 200;
  } catch {
    // Nobody listens yet.
    return false;
  }
}
