import { Inject, Injectable } from '@nestjs/common';
import { JOB_STATUSES, type JobStatus } from '@pycell/contracts';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Configuration } from '../configuration/configuration';
import { CONFIGURATION } from '../configuration/configuration.constants';
import type { JobObserver } from '../jobs/job-observer';
import { JOB_STORE, type JobCounts, type JobStore } from '../jobs/job-store';
import { TIME_BUCKETS } from './buckets';
import { readGauge } from './read-gauge';

const ENDS: readonly JobStatus[] = JOB_STATUSES.filter((status) => !['queued', 'running'].includes(status));
/** Executions that wait elsewhere may do so for hours. */
const BUCKETS = [...TIME_BUCKETS.filter((seconds) => seconds >= 0.005), 200, 500, 1_000, 3_600, 10_800];
/** One look is for all gauges of a scrape. */
const LOOK_MS = 500;

/** Tells how much waits and is kept, and what has become of asynchronous executions that this process ran. */
@Injectable()
export class JobMetrics implements JobObserver {
  private readonly ends: Counter<'status'>;
  private readonly waits: Histogram;
  private lookedAt = -Infinity;
  private look: Promise<JobCounts | null> = Promise.resolve(null);

  constructor(
    private readonly registry: Registry,
    @Inject(JOB_STORE) private readonly store: JobStore,
    @Inject(CONFIGURATION) { redis }: Pick<Configuration, 'redis'>,
  ) {
    const registers = [registry];
    this.ends = new Counter({
      name: 'pycell_jobs_total',
      help: 'Asynchronous executions that this process took and that have ended, by status: succeeded, failed, cancelled.',
      labelNames: ['status'],
      registers,
    });
    ENDS.forEach((status) => this.ends.inc({ status }, 0));
    this.waits = new Histogram({
      name: 'pycell_job_wait_seconds',
      help: 'From the acceptance of an asynchronous execution to the moment at which its script was handed over.',
      buckets: BUCKETS,
      registers,
    });
    this.gauge('pycell_jobs_waiting', 'Asynchronous executions that wait now.', ({ waiting }) => waiting);
    this.gauge('pycell_jobs_running', 'Asynchronous executions that run now.', ({ running }) => running);
    this.gauge('pycell_jobs_waiting_bytes', 'What the requests of those that wait hold.', (counts) => {
      return counts.waitingBytes;
    });
    this.gauge(
      'pycell_jobs_kept_bytes',
      'What events and outcomes of those that have ended hold.',
      ({ keptBytes }) => keptBytes,
    );
    readGauge(
      registry,
      'pycell_jobs_store_up',
      '1 while Redis keeps asynchronous executions, 0 while it is gone: none is accepted then, and none begun. Absent without REDIS_URL.',
      () => (redis ? Number(store.isThere) : undefined),
    );
  }

  jobBegun(waitedMs: number): void {
    this.waits.observe(waitedMs / 1000);
  }

  jobEnded(status: JobStatus): void {
    this.ends.inc({ status });
  }

  /** Of all processes together; absent while that is not known. */
  private gauge(name: string, help: string, read: (counts: JobCounts) => number): void {
    const countsNow = (): Promise<JobCounts | null> => this.counts();
    new Gauge({
      name,
      help: `${help} Of all processes that share a Redis together. Absent while it is gone.`,
      registers: [this.registry],
      async collect() {
        const counts = await countsNow();
        if (counts) {
          this.set(read(counts));
        } else {
          this.remove();
        }
      },
    });
  }

  private counts(): Promise<JobCounts | null> {
    const now = performance.now();
    if (now - this.lookedAt > LOOK_MS) {
      this.lookedAt = now;
      this.look = this.store.counts().catch(() => null);
    }
    return this.look;
  }
}
