/** Reads the server's settings from the environment, once; a bad value stops the start and is named. */

import { fileURLToPath } from 'node:url';

const BUILT_FILES = fileURLToPath(new URL('../../../dist/apps/console', import.meta.url));

export class SettingsError extends Error {}

const LOOPBACK_HOSTS = ['localhost', '127.0.0.1', '::1'];

function text(environment, name) {
  return environment[name]?.trim() || undefined;
}

function readPort(environment, name, fallback) {
  const value = text(environment, name);
  if (value === undefined) {
    return fallback;
  }
  const port = /^\d{1,5}$/.test(value) ? Number(value) : NaN;
  if (!(port <= 65535)) {
    throw new SettingsError(`${name} is "${value}", expected a whole number from 0 to 65535`);
  }
  return port;
}

function readUpstream(environment) {
  const value = text(environment, 'API_UPSTREAM') ?? `http://127.0.0.1:${text(environment, 'PORT') ?? 8080}`;
  const url = URL.canParse(value) ? new URL(value) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username) {
    throw new SettingsError(`API_UPSTREAM is "${value}", expected an address such as http://127.0.0.1:8080`);
  }
  return url;
}

/**
 * The console forwards to the API, which may be a developer's own, unjailed Python: a web page must not reach it by DNS
 * rebinding. Who listens on other addresses with isolation has put the console there for other names.
 */
function readAllowedHosts(environment, host) {
  const named = text(environment, 'ALLOWED_HOSTS');
  if (named !== undefined) {
    return named
      .split(',')
      .map((name) => name.trim().toLowerCase())
      .filter((name) => name !== '');
  }
  const isPublic = !LOOPBACK_HOSTS.includes(host) && text(environment, 'BUILD') !== 'local';
  return isPublic ? null : LOOPBACK_HOSTS;
}

export function readServerSettings(environment) {
  const host = text(environment, 'CONSOLE_HOST') ?? '127.0.0.1';
  return {
    host,
    port: readPort(environment, 'CONSOLE_PORT', 3000),
    /** What the page is told: relative to itself, or another origin. */
    apiUrl: text(environment, 'API_URL') ?? '/api',
    /** Where `/api` is forwarded to. */
    upstream: readUpstream(environment),
    /** The built page, where it lies elsewhere than in a checkout. */
    files: text(environment, 'CONSOLE_FILES') ?? BUILT_FILES,
    /** null: any. */
    allowedHosts: readAllowedHosts(environment, host),
  };
}
