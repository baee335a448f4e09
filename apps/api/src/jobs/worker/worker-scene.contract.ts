import {
  ExecutionCancelled,
  type ExecutionListener,
  type HeardExecution,
  type JobExecution,
  type ReservedPlace,
  type SandboxService,
} from '@pycell/sandbox';
import { ExecutionFailures } from '../../answers/execution-failures';
import { REPORT } from '../../answers/report.contract';
import { RequestBodyPipe } from '../../bodies/request-body.pipe';
import { Callers } from '../../callers/callers';
import { Keys } from '../../callers/keys';
import { RefusedKeys } from '../../callers/refused-keys';
import { type Configuration, readConfiguration } from '../../configuration/configuration';
import { ExecutionRequestPipe } from '../../executions/execution-request.pipe';
import { ErrorAnswers } from '../../http/error-answers';
import { FailedRequests } from '../../http/failed-requests';
import { ForeignForms } from '../../http/foreign-forms';
import { HeldBodies } from '../../http/held-bodies';
import type { JobRecord } from '../job';
import type { TakenJob } from '../job-store';
import { MemoryJobStore } from '../memory/memory-job-store';
import { JobOutcomes } from './job-outcomes';
import { JobRequests } from './job-requests';
import { JobRunner } from './job-runner';

/** What a run of a test does: returns, or throws, what its execution does. */
export type FakeRun = (
  execution: JobExecution,
  listener: ExecutionListener,
) => HeardExecution | Promise<HeardExecution>;

export const HEARD: HeardExecution = { resultJson: Buffer.from('1.0'), artifacts: [], execution: REPORT };

/** Has places and runs nothing: hands over once it may begin, as the sandbox does, and then does what a test says. */
export class FakeSandbox {
  places = 2;
  held = 0;
  /** Ids that were handed over. */
  readonly handedOver: string[] = [];
  run: FakeRun = () => HEARD;

  reserve(signal: AbortSignal): Promise<ReservedPlace> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (signal.aborted) {
          reject(signal.reason as Error);
        } else if (this.held < this.places) {
          this.held++;
          let isHeld = true;
          const release = (): void => {
            this.held -= isHeld ? 1 : 0;
            isHeld = false;
          };
          resolve({ release } as ReservedPlace);
        } else {
          setTimeout(look, 1);
        }
      };
      look();
    });
  }

  async executeJob(execution: JobExecution, listener: ExecutionListener): Promise<HeardExecution> {
    const { id, client, begin } = execution;
    await begin();
    if (client.signal.aborted) {
      throw new ExecutionCancelled();
    }
    this.handedOver.push(id);
    listener.onStart(id, { pause: () => undefined, resume: () => undefined });
    return this.run(execution, listener);
  }
}

/** A run that lasts until it is ended from outside. */
export const UNTIL_ENDED: FakeRun = ({ client: { signal } }) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new ExecutionCancelled()));
  });

/** What runs jobs, with a sandbox that is none, on the store in memory. */
export class WorkerScene {
  readonly store: MemoryJobStore;

  private constructor(
    readonly configuration: Configuration,
    readonly runner: JobRunner,
    readonly sandbox: FakeSandbox,
  ) {
    this.store = new MemoryJobStore(configuration.jobs);
  }

  static async open(environment: NodeJS.ProcessEnv = {}): Promise<WorkerScene> {
    const configuration = readConfiguration(environment);
    const answers = new ErrorAnswers(configuration, new ForeignForms());
    const failed = new FailedRequests();
    const bodies = new RequestBodyPipe(configuration, new HeldBodies(answers, failed, configuration));
    const keys = await Keys.open(configuration);
    // Else it would follow its file for as long as the tests run.
    keys.onApplicationShutdown();
    const sandbox = new FakeSandbox();
    const runner = new JobRunner(
      sandbox as unknown as SandboxService,
      new Callers(configuration, keys, new RefusedKeys(answers, failed)),
      new JobRequests(bodies, new ExecutionRequestPipe(bodies)),
      new JobOutcomes(new ExecutionFailures(answers), answers),
    );
    return new WorkerScene(configuration, runner, sandbox);
  }

  async accept(body: unknown = { script: 'x' }, owner = 'somebody', key: string | null = null) {
    const acceptance = await this.store.accept({
      owner,
      key,
      maxPlaces: null,
      body: Buffer.from(JSON.stringify(body)),
      idempotencyKey: null,
      callbackUrl: null,
    });
    if (acceptance.kind !== 'accepted') {
      throw new Error(`not accepted: ${acceptance.kind}`);
    }
    return acceptance.record.id;
  }

  async take(): Promise<TakenJob> {
    const job = await this.store.take();
    if (!job) {
      throw new Error('nothing waits');
    }
    return job;
  }

  /** Runs a job to its end, and returns what has become of it. @param change what of it is different from what the store has */
  async run(
    id: string,
    change: (job: TakenJob) => Partial<TakenJob> = () => ({}),
    shutdown: AbortSignal = new AbortController().signal,
  ): Promise<JobRecord | null> {
    const job = await this.take();
    const place = await this.sandbox.reserve(shutdown);
    const leaving = new AbortController().signal;
    await this.runner.run({ ...job, ...change(job) }, place, { killing: shutdown, leaving });
    return this.store.find(id);
  }

  /** The outcome, with its texts read. */
  async outcomeOf(id: string) {
    const outcome = await this.store.outcomeOf(id);
    return (
      outcome && {
        httpStatus: outcome.httpStatus,
        result: outcome.result?.toString() ?? null,
        facts: JSON.parse(outcome.facts) as Record<string, unknown>,
        output: JSON.parse(outcome.output) as Record<string, string>,
        artifacts: outcome.artifacts.map((text) => JSON.parse(text) as object),
        texts: [outcome.facts, outcome.output, ...outcome.artifacts],
      }
    );
  }
}
