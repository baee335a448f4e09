import { API_PATHS, type EndpointInfo } from '@pycell/contracts';

/** Every endpoint of the API: `GET /` lists them, and a wrong method is told from an unknown path by them. */
export const ENDPOINTS: readonly EndpointInfo[] = [
  { method: 'POST', path: API_PATHS.execute, description: 'Execute a Python script' },
  { method: 'POST', path: API_PATHS.executeBatch, description: 'Execute a Python script for many inputs' },
  { method: 'POST', path: API_PATHS.validate, description: 'Describe a Python script without executing it' },
  { method: 'GET', path: API_PATHS.metadata, description: 'This description' },
  { method: 'GET', path: API_PATHS.modules, description: 'Modules that scripts can import' },
  { method: 'GET', path: API_PATHS.health, description: 'Overall health' },
  { method: 'GET', path: API_PATHS.live, description: 'The process answers' },
  { method: 'GET', path: API_PATHS.ready, description: 'Scripts can be executed' },
  { method: 'GET', path: API_PATHS.startup, description: 'The sandbox has worked once' },
  { method: 'GET', path: API_PATHS.docs, description: 'API documentation' },
  { method: 'GET', path: API_PATHS.openapi, description: 'OpenAPI description' },
];

/** Returns those that `GET /` lists. @param hasDocs whether the documentation is served */
export function listedEndpoints(hasDocs: boolean): readonly EndpointInfo[] {
  return hasDocs
    ? ENDPOINTS
    : ENDPOINTS.filter(({ path }) => path !== API_PATHS.docs && path !== API_PATHS.openapi);
}

/** Returns a path in the one form that the router takes for all of its spellings: neither case nor a final slash matters. */
export function routeOf(path: string): string {
  return path.replace(/(?<=.)\/$/, '').toLowerCase();
}

/** Returns the methods that a path answers to, undefined where there is no such path. */
export function methodsOf(path: string): readonly string[] | undefined {
  const known = routeOf(path);
  const methods = ENDPOINTS.filter((endpoint) => endpoint.path === known).flatMap(({ method }) =>
    method === 'GET' ? ['GET', 'HEAD'] : [method],
  );
  return methods.length > 0 ? methods : undefined;
}
