/** The public paths of the API. None ends in `z`: Cloud Run reserves some of those. */
export const API_PATHS = {
  metadata: '/',
  execute: '/execute',
  executeBatch: '/execute/batch',
  validate: '/validate',
  executions: '/executions',
  execution: '/executions/{id}',
  executionEvents: '/executions/{id}/events',
  modules: '/modules',
  health: '/health',
  live: '/health/live',
  ready: '/health/ready',
  startup: '/health/startup',
  docs: '/docs',
  openapi: '/openapi.json',
} as const;

/** The header that names a request in answers and logs. */
export const REQUEST_ID_HEADER = 'X-Request-Id';
