/**
 * `node --require` loads this before the application: node --require ./dist/apps/api/traces/register.js dist/apps/api/main.js
 * Without an address to send traces to it loads nothing else.
 */
import { isTracingWanted } from '../configuration/tracing';

if (isTracingWanted(process.env)) {
  // OpenTelemetry is 300 modules, which must not be loaded for nothing; and --require does not wait for a promise.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { startTracing } = require('./tracing-sdk') as typeof import('./tracing-sdk');
  startTracing();
}
