import type { paths } from '../schema/api.generated';

/** Where the service answers, below its address. */
export const PATHS = {
  metadata: '/',
  modules: '/modules',
  execute: '/execute',
  batch: '/execute/batch',
  validate: '/validate',
  executions: '/executions',
} as const satisfies Readonly<Record<string, keyof paths>>;

/** The media types of answers that come while a script runs. */
export const MEDIA_TYPES = {
  json: 'application/json',
  ndjson: 'application/x-ndjson',
  sse: 'text/event-stream',
} as const satisfies Readonly<Record<string, keyof paths['/execute']['post']['responses']['200']['content']>>;

/** The path of one asynchronous execution, or of what lies below it. */
export function executionPath(id: string, more: '' | '/events' = ''): string {
  return `${PATHS.executions}/${encodeURIComponent(id)}${more}`;
}
