import type { EnvironmentReader } from './environment';

/** By which metrics are asked for. */
const DEFAULT_PORT = 9464;

/** Settings of the metrics and of the listener that hands them out. */
export interface MetricsOptions {
  readonly host: string;
  /** 0: any that is free. null: nothing listens, and executions are not counted. */
  readonly port: number | null;
  /** Whether the port was chosen: then a service that cannot have it does not start. */
  readonly isPortChosen: boolean;
  /** Whether runs, CPU time and memory are told for each key as well. */
  readonly byKey: boolean;
}

export function readMetrics(reader: EnvironmentReader): MetricsOptions {
  const name = 'METRICS_PORT';
  const chosen = reader.text(name);
  return {
    host: reader.text('METRICS_HOST') ?? '127.0.0.1',
    port: chosen === 'off' ? null : readPort(reader, name, chosen),
    isPortChosen: chosen !== undefined,
    byKey: reader.flag('METRICS_BY_KEY', false),
  };
}

function readPort(reader: EnvironmentReader, name: string, chosen: string | undefined): number {
  if (chosen !== undefined && !/^\d+$/.test(chosen)) {
    return reader.problem(name, chosen, 'a port from 0 to 65535, or off', DEFAULT_PORT);
  }
  return reader.integer(name, { min: 0, max: 65535 }, DEFAULT_PORT);
}
