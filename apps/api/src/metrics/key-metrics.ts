import { Inject, Injectable } from '@nestjs/common';
import type { ErrorCode } from '@pycell/contracts';
import { Counter, Registry } from 'prom-client';
import type { Configuration } from '../configuration/configuration';
import { CONFIGURATION } from '../configuration/configuration.constants';
import { KeyLabels, NO_KEY, OTHER_KEYS } from './key-labels';
import type { RunUsage } from './run-usage';

/** What an alert about a key asks for: there with 0 before the first. */
const REFUSALS = ['RATE_LIMITED', 'SANDBOX_BUSY'] as const satisfies readonly ErrorCode[];

/** Counts the same for each key, where that is asked for. Those who have none are told together, with an empty name. */
@Injectable()
export class KeyMetrics {
  private readonly counters: Counters | null;
  private readonly labels = new KeyLabels();

  constructor(registry: Registry, @Inject(CONFIGURATION) { metrics }: Pick<Configuration, 'metrics'>) {
    this.counters = metrics.byKey ? countersIn(registry) : null;
    this.begin(NO_KEY);
  }

  executionEnded(key: string | null, status: string, count: number): void {
    this.counters?.executions.inc({ key: this.labels.of(key), status }, count);
  }

  runEnded(key: string | null, { cpuSeconds, memoryByteSeconds }: RunUsage): void {
    if (this.counters) {
      const label = { key: this.labels.of(key) };
      this.counters.runs.inc(label);
      this.counters.cpuSeconds.inc(label, cpuSeconds);
      this.counters.memory.inc(label, memoryByteSeconds);
    }
  }

  requestFailed(key: string | null, code: string): void {
    this.counters?.failures.inc({ key: this.labels.of(key), code });
  }

  /**
   * To be called before the metrics are read, with the keys that there are. A key is there with zeros before it is used, so
   * that its first use is an increase; one that was taken away stays for a while.
   * @param now milliseconds of `performance.now()`
   */
  async update(keys: readonly string[], now: number): Promise<void> {
    const { counters } = this;
    if (!counters) {
      return;
    }
    const { added, removed } = this.labels.update(keys, now);
    added.forEach((key) => this.begin(key));
    if (keys.some((key) => this.labels.of(key) === OTHER_KEYS)) {
      this.begin(OTHER_KEYS);
    }
    if (removed.size > 0) {
      const ofKey = [counters.runs, counters.cpuSeconds, counters.memory];
      ofKey.forEach((counter) => removed.forEach((key) => counter.remove({ key })));
      await removeKeys(counters.executions, removed);
      await removeKeys(counters.failures, removed);
    }
  }

  private begin(key: string): void {
    const { counters } = this;
    if (counters) {
      [counters.runs, counters.cpuSeconds, counters.memory].forEach((counter) => counter.inc({ key }, 0));
      counters.executions.inc({ key, status: 'SANDBOX_BUSY' }, 0);
      REFUSALS.forEach((code) => counters.failures.inc({ key, code }, 0));
    }
  }
}

interface Counters {
  readonly executions: Counter<'key' | 'status'>;
  readonly failures: Counter<'key' | 'code'>;
  readonly runs: Counter<'key'>;
  readonly cpuSeconds: Counter<'key'>;
  readonly memory: Counter<'key'>;
}

/** Removes each series of these keys, whatever its other labels. */
async function removeKeys<Label extends string>(
  counter: Counter<Label | 'key'>,
  keys: ReadonlySet<string>,
): Promise<void> {
  const { values } = await counter.get();
  for (const { labels } of values) {
    if (keys.has(String(labels.key))) {
      counter.remove(labels);
    }
  }
}

function countersIn(registry: Registry): Counters {
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Counter<Label>({ name, help, labelNames: [...labelNames], registers: [registry] });
  return {
    executions: counter(
      'pycell_key_executions_total',
      'pycell_executions_total by the name of the key. An empty name: callers without a key.',
      ['key', 'status'],
    ),
    failures: counter(
      'pycell_key_request_failures_total',
      'pycell_request_failures_total by the name of the key.',
      ['key', 'code'],
    ),
    runs: counter('pycell_key_runs_total', 'pycell_runs_total by the name of the key.', ['key']),
    cpuSeconds: counter(
      'pycell_key_cpu_seconds_total',
      'pycell_run_cpu_seconds_total by the name of the key.',
      ['key'],
    ),
    memory: counter(
      'pycell_key_memory_byte_seconds_total',
      'pycell_run_memory_byte_seconds_total by the name of the key.',
      ['key'],
    ),
  };
}
