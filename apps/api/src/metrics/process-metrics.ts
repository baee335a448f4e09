import { Inject, Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Registry } from 'prom-client';
import type { Configuration } from '../configuration/configuration';
import { CONFIGURATION } from '../configuration/configuration.constants';
import { readContainerCpuSeconds } from './container-cpu';
import { type ContainerMemory, readContainerMemory } from './container-memory';
import { readGauge } from './read-gauge';

const UNWANTED = [
  // Gauges with the names of counters, which Prometheus' own check refuses.
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
  // 9.2e9 where nothing was measured since the last scrape.
  'nodejs_eventloop_lag_min_seconds',
];
/** How often the event loop is looked at for its delay, milliseconds. */
const LOOP_RESOLUTION_MS = 20;

/** Tells what the service's own process takes, by the usual names, and what its container does. */
@Injectable()
export class ProcessMetrics {
  constructor(registry: Registry, @Inject(CONFIGURATION) { metrics }: Pick<Configuration, 'metrics'>) {
    if (metrics.port === null) {
      return;
    }
    collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LOOP_RESOLUTION_MS });
    UNWANTED.forEach((name) => registry.removeSingleMetric(name));
    this.describeContainer(registry);
  }

  private describeContainer(registry: Registry): void {
    let memory: ContainerMemory | null = null;
    // They are read in this order.
    readGauge(
      registry,
      'pycell_memory_bytes',
      'Memory of the container without idle file cache: service, jail and runs together. Absent where cgroups are not shown.',
      () => (memory = readContainerMemory())?.usedBytes,
    );
    readGauge(
      registry,
      'pycell_memory_limit_bytes',
      'Memory limit of the container. Absent where there is none.',
      () => memory?.limitBytes,
    );
    new Counter({
      name: 'pycell_cpu_seconds_total',
      help: 'CPU time of the container: service, supervisors, zygotes and runs together. Absent where the cgroup is not shown, or is that of the whole host.',
      registers: [registry],
      collect() {
        const seconds = readContainerCpuSeconds();
        this.reset();
        if (seconds === null) {
          this.remove();
        } else {
          this.inc(seconds);
        }
      },
    });
  }
}
