import { API_PATHS, type EndpointInfo } from '@pycell/contracts';

/** Every endpoint of the API: `GET /` lists them, and a wrong method is told from an unknown path by them. */
export const ENDPOINTS: readonly EndpointInfo[] = [
  { method: 'POST', path: API_PATHS.execute, description: 'Execute a Python script' },
  { method: 'POST', path: API_PATHS.executeBatch, description: 'Execute a Python script for many inputs' },
  { method: 'POST', path: API_PATHS.validate, description: 'Describe a Python script without executing it' },
  { method: 'POST', path: API_PATHS.executions, description: 'Start a Python script in the background' },
  { method: 'GET', path: API_PATHS.execution, description: 'What has become of it' },
  { method: 'DELETE', path: API_PATHS.execution, description: 'Cancel it' },
  { method: 'GET', path: API_PATHS.executionEvents, description: 'Its events, while it runs and afterwards' },
  { method: 'GET', path: API_PATHS.metadata, description: 'This description' },
  { method: 'GET', path: API_PATHS.modules, description: 'Modules that scripts can import' },
  { method: 'GET', path: API_PATHS.health, description: 'Overall health' },
  { method: 'GET', path: API_PATHS.live, description: 'The process answers' },
  { method: 'GET', path: API_PATHS.ready, description: 'Scripts can be executed' },
  { method: 'GET', path: API_PATHS.startup, description: 'The sandbox has worked once' },
  { method: 'GET', path: API_PATHS.docs, description: 'API documentation' },
  { method: 'GET', path: API_PATHS.openapi, description: 'OpenAPI description' },
];

/**
 * Returns those that `GET /` lists.
 * @param hasDocs whether the documentation is served
 * @param foreign those of the interfaces of others that are served
 */
export function listedEndpoints(hasDocs: boolean, foreign: readonly EndpointInfo[]): readonly EndpointInfo[] {
  const own = hasDocs
    ? ENDPOINTS
    : ENDPOINTS.filter(({ path }) => path !== API_PATHS.docs && path !== API_PATHS.openapi);
  return foreign.length === 0 ? own : [...own, ...foreign];
}

/** Returns a path in the one form that the router takes for all of its spellings: neither case nor a final slash matters. */
export function routeOf(path: string): string {
  return path.replace(/(?<=.)\/$/, '').toLowerCase();
}

/**
 * Returns the methods that a path answers to, undefined where there is no such path.
 * @param foreign the endpoints of the interfaces of others that are served
 */
export function methodsOf(path: string, foreign: readonly EndpointInfo[]): readonly string[] | undefined {
  const known = routeOf(path);
  const methods = [...ENDPOINTS, ...foreign]
    .filter((endpoint) => isAt(known, endpoint.path))
    .flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  return methods.length > 0 ? methods : undefined;
}

/** Returns the path of an endpoint as it is listed; undefined where there is none. What is listed as it is asked for comes first. */
export function listedPath(path: string, endpoints: readonly EndpointInfo[]): string | undefined {
  const known = routeOf(path);
  const found =
    endpoints.find((endpoint) => endpoint.path === known) ??
    endpoints.find((endpoint) => isAt(known, endpoint.path));
  return found?.path;
}

/** Whether a path is that of an endpoint: what stands in braces is any one step. */
function isAt(path: string, endpoint: string): boolean {
  if (!endpoint.includes('{')) {
    return path === endpoint;
  }
  const [steps, wanted] = [path.split('/'), endpoint.split('/')];
  return (
    steps.length === wanted.length &&
    wanted.every((step, index) => (step.startsWith('{') ? steps[index] !== '' : step === steps[index]))
  );
}
