import { ApiServer, type Environment } from './api-server';
import type { TraceCollector } from './trace-collector';

/** What `npm start` and the images start the API with, too. */
export const REGISTER = ['--require', './dist/apps/api/traces/register.js'];

/** Starts a server that sends its traces to `collector`, a few times a second. */
export function startTraced(collector: TraceCollector, environment: Environment): Promise<ApiServer> {
  return ApiServer.start(
    { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '200', ...environment },
    { nodeArguments: REGISTER },
  );
}
