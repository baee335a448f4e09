import 'reflect-metadata';
import { Registry } from 'prom-client';
import type { JobCounts } from '../jobs/job-store';
import { JobMetrics } from './job-metrics';

const COUNTS: JobCounts = { waiting: 3, running: 2, waitingBytes: 50, keptBytes: 70 };
let registry: Registry;
let counts: jest.Mock<Promise<JobCounts>, []>;

function open(redis: object | null, isThere = true): JobMetrics {
  registry = new Registry();
  counts = jest.fn(() => (isThere ? Promise.resolve(COUNTS) : Promise.reject(new Error('gone'))));
  return new JobMetrics(registry, { counts, isThere } as never, { redis } as never);
}

describe('JobMetrics', () => {
  it('tells what waits, runs and is kept, by one look for all of it', async () => {
    open({});
    const text = await registry.metrics();
    expect(text).toMatch(/^pycell_jobs_waiting 3$/m);
    expect(text).toMatch(/^pycell_jobs_running 2$/m);
    expect(text).toMatch(/^pycell_jobs_waiting_bytes 50$/m);
    expect(text).toMatch(/^pycell_jobs_kept_bytes 70$/m);
    expect(text).toMatch(/^pycell_jobs_store_up 1$/m);
    expect(counts).toHaveBeenCalledTimes(1);
  });

  it('leaves out what nobody knows while Redis is gone', async () => {
    open({}, false);
    const text = await registry.metrics();
    expect(text).toMatch(/^pycell_jobs_store_up 0$/m);
    expect(text).not.toMatch(/^pycell_jobs_(waiting|running|kept)\S* \d/m);
  });

  it('has no store to be up where there is no Redis', async () => {
    open(null);
    expect(await registry.metrics()).not.toMatch(/^pycell_jobs_store_up \d/m);
  });

  it('counts ends, each there with 0 before the first, and waits', async () => {
    const metrics = open({});
    metrics.jobEnded('failed');
    metrics.jobBegun(1_500);
    const text = await registry.metrics();
    expect(text).toMatch(/^pycell_jobs_total\{status="failed"\} 1$/m);
    expect(text).toMatch(/^pycell_jobs_total\{status="cancelled"\} 0$/m);
    expect(text).toMatch(/^pycell_job_wait_seconds_sum 1\.5$/m);
    expect(text).not.toContain('status="queued"');
  });
});
