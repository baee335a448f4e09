/** What the global set-up starts once for all spec files, which find it in these variables. */
const NAMES = {
  apiUrl: 'PYCELL_E2E_API',
  consoleUrl: 'PYCELL_E2E_CONSOLE',
  /** One for each worker, separated by spaces. */
  browserEndpoints: 'PYCELL_E2E_BROWSERS',
} as const;

export type SharedServices = Readonly<Record<keyof typeof NAMES, string>>;

export function announceServices(services: SharedServices): void {
  for (const key of Object.keys(NAMES) as (keyof typeof NAMES)[]) process.env[NAMES[key]] = services[key];
}

function read(key: keyof typeof NAMES): string {
  const value = process.env[NAMES[key]];
  if (!value) throw new Error(`${NAMES[key]} is not set: the global set-up did not run`);
  return value;
}

export function sharedServices(): SharedServices {
  return {
    apiUrl: read('apiUrl'),
    consoleUrl: read('consoleUrl'),
    browserEndpoints: read('browserEndpoints'),
  };
}

/** The browser of this worker: two workers in one would share its clipboard and its focus. */
export function ownBrowserEndpoint(): string {
  const endpoints = sharedServices().browserEndpoints.split(' ');
  const worker = Number(process.env['JEST_WORKER_ID'] ?? 1) - 1;
  return endpoints[worker % endpoints.length] ?? '';
}
