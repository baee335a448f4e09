/** Reads the server's settings from the environment, once; a bad value stops the start and is named. */

import { fileURLToPath } from 'node:url';
import { isLoopback, usualHosts } from './allowed-hosts.mjs';

const BUILT_FILES = fileURLToPath(new URL('../../../dist/apps/console', import.meta.url));

export class SettingsError extends Error {}

function text(environment, name) {
  return environment[name]?.trim() || undefined;
}

function readNumber(environment, name, { pattern, most, fallback, expected }) {
  const value = text(environment, name);
  if (value === undefined) {
    return fallback;
  }
  const number = pattern.test(value) ? Number(value) : NaN;
  if (!(number <= most)) {
    throw new SettingsError(`${name} is "${value}", expected ${expected} from 0 to ${most}`);
  }
  return number;
}

function readPort(environment, name, fallback) {
  return readNumber(environment, name, {
    pattern: /^\d{1,5}$/,
    most: 65535,
    fallback,
    expected: 'a whole number',
  });
}

/** As the API reads it. */
function readGraceMs(environment) {
  const seconds = readNumber(environment, 'SHUTDOWN_GRACE', {
    pattern: /^\d+(\.\d+)?$/,
    most: 3600,
    fallback: 15,
    expected: 'seconds',
  });
  return seconds * 1000;
}

/** The API of the same environment: on the address that it listens on, or on loopback where that is all of them. */
function ownApi(environment) {
  const host = text(environment, 'HOST') ?? '127.0.0.1';
  const name = ['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${readPort(environment, 'PORT', 8080)}`;
}

function readUpstream(environment) {
  const named = text(environment, 'API_UPSTREAM');
  const value = named ?? ownApi(environment);
  const url = URL.canParse(value) ? new URL(value) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username) {
    throw new SettingsError(`API_UPSTREAM is "${value}", expected an address such as http://127.0.0.1:8080`);
  }
  const isHere = named === undefined || isLoopback(url.hostname.replace(/^\[(.*)\]$/, '$1'));
  return { upstream: url, sharesHost: isHere };
}

/** What the page is told: relative to itself, or another origin. */
function readApiUrl(environment) {
  const value = text(environment, 'API_URL') ?? './api';
  const url = URL.canParse(value, 'http://page.invalid') ? new URL(value, 'http://page.invalid') : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username) {
    throw new SettingsError(
      `API_URL is "${value}", expected an address such as https://api.example.org, or a path such as /api`,
    );
  }
  return value;
}

function readAllowedHosts(environment, host) {
  const named = text(environment, 'ALLOWED_HOSTS');
  if (named === undefined) {
    return usualHosts({ host, isJailed: text(environment, 'BUILD') === 'cloud' });
  }
  return named
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
}

export function readServerSettings(environment) {
  const host = text(environment, 'CONSOLE_HOST') ?? '127.0.0.1';
  return {
    host,
    port: readPort(environment, 'CONSOLE_PORT', 3000),
    apiUrl: readApiUrl(environment),
    /**
     * Where `/api` is forwarded to. An API on this machine has our ALLOWED_HOSTS, so it is asked by the name that we
     * were asked by and judges it like us; one elsewhere may be told from others by its own name only.
     */
    ...readUpstream(environment),
    /** The built page, where it lies elsewhere than in a checkout. */
    files: text(environment, 'CONSOLE_FILES') ?? BUILT_FILES,
    /** null: any. */
    allowedHosts: readAllowedHosts(environment, host),
    /** How long answers in flight may take when the server is told to stop. */
    shutdownGraceMs: readGraceMs(environment),
  };
}
