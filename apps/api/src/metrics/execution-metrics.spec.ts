import type { ExecutionReport } from '@pycell/contracts';
import type { RunResult } from '@pycell/sandbox';
import { Registry } from 'prom-client';
import { readConfiguration } from '../configuration/configuration';
import type { Caller } from '../callers/caller';
import { ExecutionMetrics } from './execution-metrics';
import { KEPT_MS, MOST_KEYS } from './key-labels';
import { KeyMetrics } from './key-metrics';

const RESULT: RunResult = {
  outcome: { status: 'TIMEOUT' },
  startMs: 1,
  runMs: 2_000,
  resultMs: 3,
  cpuMs: 1_500,
  peakMemoryBytes: 1_000_000,
};
const REPORT: ExecutionReport = {
  id: 'an id',
  isolation: 'nsjail',
  durationMs: 2_010,
  limits: { timeoutMs: 10_000, memoryMb: 512 },
  timings: { queueMs: 4, policyMs: 2, startMs: 1, runMs: 2_000, resultMs: 3 },
};

function callerWith(key: string | null): Caller {
  const { limits, policyRules } = readConfiguration({}).sandbox;
  return {
    id: key === null ? '127.0.0.1' : `key:${key}`,
    key,
    maxPlaces: null,
    limits,
    policyRules,
    rate: null,
    version: 0,
  };
}

function create(environment: NodeJS.ProcessEnv = {}) {
  const registry = new Registry();
  const configuration = readConfiguration(environment);
  const keys = new KeyMetrics(registry, configuration);
  const metrics = new ExecutionMetrics(registry, keys);
  /** The lines of what a scrape would show that have this in them, but for zeros. */
  const lines = async (part: string): Promise<string[]> =>
    (await registry.metrics())
      .split('\n')
      .filter((line) => line.startsWith('pycell_') && line.includes(part) && !line.endsWith(' 0'));
  return { registry, metrics, keys, lines };
}

describe('ExecutionMetrics', () => {
  it('counts by kind and status', async () => {
    const { metrics, lines } = create();
    const caller = callerWith(null);
    metrics.executionEnded({ kind: 'call', caller, status: 'OK', report: REPORT, count: 1 });
    metrics.executionEnded({
      kind: 'item',
      caller,
      status: 'SANDBOX_UNAVAILABLE',
      report: undefined,
      count: 7,
    });
    metrics.batchEnded({ caller, status: 'OK' });
    expect(await lines('_total{')).toEqual([
      'pycell_executions_total{kind="call",status="OK"} 1',
      'pycell_executions_total{kind="item",status="SANDBOX_UNAVAILABLE"} 7',
      'pycell_batches_total{status="OK"} 1',
    ]);
  });

  it('has every series before its first execution', async () => {
    const { registry } = create();
    expect(await registry.metrics()).toContain('pycell_executions_total{kind="stream",status="CANCELLED"} 0');
  });

  it('adds up durations and phases in seconds, of executions that were reported', async () => {
    const { metrics, lines } = create();
    const caller = callerWith(null);
    metrics.executionEnded({ kind: 'call', caller, status: 'TIMEOUT', report: REPORT, count: 1 });
    metrics.executionEnded({ kind: 'call', caller, status: 'SANDBOX_BUSY', report: undefined, count: 1 });
    expect(await lines('_sum')).toEqual([
      'pycell_execution_duration_seconds_sum 2.01',
      'pycell_execution_phase_seconds_sum{phase="queue"} 0.004',
      'pycell_execution_phase_seconds_sum{phase="policy"} 0.002',
      'pycell_execution_phase_seconds_sum{phase="start"} 0.001',
      'pycell_execution_phase_seconds_sum{phase="run"} 2',
      'pycell_execution_phase_seconds_sum{phase="result"} 0.003',
      'pycell_queue_wait_seconds_sum{kind="call"} 0.004',
    ]);
    expect(await lines('duration_seconds_count')).toEqual(['pycell_execution_duration_seconds_count 1']);
  });

  it('tells how long was waited for a place by kind: items of a batch wait for each other', async () => {
    const { metrics, lines } = create();
    const execution = { caller: callerWith(null), status: 'OK', report: REPORT, count: 1 } as const;
    const waited = (queueMs: number) => ({ ...REPORT, timings: { ...REPORT.timings, queueMs } });
    metrics.executionEnded({ ...execution, kind: 'call' });
    metrics.executionEnded({ ...execution, kind: 'call' });
    metrics.executionEnded({ ...execution, kind: 'item', report: waited(30_000) });
    metrics.executionEnded({ ...execution, kind: 'validation', report: undefined });
    expect(await lines('queue_wait_seconds_sum')).toEqual([
      'pycell_queue_wait_seconds_sum{kind="call"} 0.008',
      'pycell_queue_wait_seconds_sum{kind="item"} 30',
    ]);
    expect(await lines('queue_wait_seconds_count')).toEqual([
      'pycell_queue_wait_seconds_count{kind="call"} 2',
      'pycell_queue_wait_seconds_count{kind="item"} 1',
    ]);
  });

  it.each([{}, { SCRIPT_TIMEOUT: '30' }, { QUEUE_TIMEOUT: '1' }])(
    'has the same buckets with %j: those of replicas are added up',
    async (environment) => {
      const { metrics, lines } = create(environment);
      const report = { ...REPORT, durationMs: 60_000 };
      metrics.executionEnded({ kind: 'call', caller: callerWith(null), status: 'OK', report, count: 1 });
      const bounds = (await lines('duration_seconds_bucket')).map((line) => /le="([^"]+)"/.exec(line)?.[1]);
      expect(bounds).toEqual(['100', '+Inf']);
    },
  );

  it('counts what runs used, and nothing where it could not be measured', async () => {
    const { metrics, lines } = create();
    metrics.runEnded({ caller: callerWith('shop'), result: RESULT });
    metrics.runEnded({
      caller: callerWith('shop'),
      result: { outcome: { status: 'KILLED' }, startMs: 1, runMs: 2, resultMs: 3 },
    });
    expect(await lines('pycell_run')).toEqual([
      'pycell_runs_total 2',
      'pycell_run_cpu_seconds_total 1.5',
      'pycell_run_memory_byte_seconds_total 2000000',
    ]);
    expect(await lines('pycell_key')).toEqual([]);
  });

  describe('with METRICS_BY_KEY', () => {
    const BY_KEY = { METRICS_BY_KEY: 'true' };

    it('counts the same for each key, and together for callers without one', async () => {
      const { metrics, keys, lines } = create(BY_KEY);
      metrics.runEnded({ caller: callerWith('shop'), result: RESULT });
      metrics.runEnded({ caller: callerWith(null), result: RESULT });
      const execution = { kind: 'call', status: 'TIMEOUT', report: REPORT, count: 1 } as const;
      metrics.executionEnded({ ...execution, caller: callerWith('shop') });
      keys.requestFailed('shop', 'RATE_LIMITED');
      expect(await lines('pycell_key')).toEqual([
        'pycell_key_executions_total{key="shop",status="TIMEOUT"} 1',
        'pycell_key_request_failures_total{key="shop",code="RATE_LIMITED"} 1',
        'pycell_key_runs_total{key=""} 1',
        'pycell_key_runs_total{key="shop"} 1',
        'pycell_key_cpu_seconds_total{key=""} 1.5',
        'pycell_key_cpu_seconds_total{key="shop"} 1.5',
        'pycell_key_memory_byte_seconds_total{key=""} 2000000',
        'pycell_key_memory_byte_seconds_total{key="shop"} 2000000',
      ]);
    });

    it('has those beyond the bound begin with zeros together', async () => {
      const { registry, keys } = create(BY_KEY);
      await keys.update(
        Array.from({ length: MOST_KEYS + 2 }, (_, number) => `key-${number}`),
        0,
      );
      const text = await registry.metrics();
      expect(text).toContain('pycell_key_runs_total{key="(other)"} 0');
      expect(text.match(/^pycell_key_runs_total\{/gm)).toHaveLength(MOST_KEYS + 2);
    });

    it('shows a key with zeros before it is used, and drops one that was taken away an hour ago', async () => {
      const { registry, keys } = create(BY_KEY);
      await keys.update(['shop', 'school'], 0);
      const begun = await registry.metrics();
      expect(begun).toContain('pycell_key_runs_total{key="shop"} 0');
      expect(begun).toContain('pycell_key_runs_total{key=""} 0');
      expect(begun).toContain('pycell_key_executions_total{key="shop",status="SANDBOX_BUSY"} 0');
      expect(begun).toContain('pycell_key_request_failures_total{key="shop",code="RATE_LIMITED"} 0');
      expect(begun).not.toContain('(other)');
      keys.executionEnded('shop', 'OK', 1);
      keys.requestFailed('shop', 'RATE_LIMITED');
      await keys.update(['school'], 1);
      expect(await registry.metrics()).toContain('pycell_key_executions_total{key="shop",status="OK"} 1');
      await keys.update(['school'], 1 + KEPT_MS);
      const text = await registry.metrics();
      expect(text).not.toContain('shop');
      expect(text).toContain('pycell_key_runs_total{key="school"} 0');
    });
  });
});
