import { Inject, Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Configuration } from '../configuration/configuration';
import { CONFIGURATION } from '../configuration/configuration.constants';
import { readContainerMemory } from './container-memory';

/** Three of the usual ones are gauges with the names of counters, which Prometheus' own check refuses. */
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
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
    MISNAMED.forEach((name) => registry.removeSingleMetric(name));
    const registers = [registry];
    const limit = new Gauge({
      name: 'pycell_memory_limit_bytes',
      help: 'Memory limit of the container. Absent where there is none.',
      registers,
    });
    limit.remove();
    const used = new Gauge({
      name: 'pycell_memory_bytes',
      help: 'Memory of the container without idle file cache: service, jail and runs together. Absent where cgroups are not shown.',
      registers,
      collect() {
        const memory = readContainerMemory();
        if (memory) {
          this.set(memory.usedBytes);
          if (memory.limitBytes !== undefined) {
            limit.set(memory.limitBytes);
          }
        }
      },
    });
    used.remove();
  }
}
