/** What the global set-up starts once for all spec files, which find it in these variables. */
const NAMES = {
  apiUrl: 'PYCELL_E2E_API',
  consoleUrl: 'PYCELL_E2E_CONSOLE',
  browserEndpoint: 'PYCELL_E2E_BROWSER',
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
  return { apiUrl: read('apiUrl'), consoleUrl: read('consoleUrl'), browserEndpoint: read('browserEndpoint') };
}
