import type { EnvironmentReader } from './environment';
import { Secret } from './secret';

/** Where Redis is, and how to log in there. */
export interface RedisOptions {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly username: string | null;
  readonly password: Secret | null;
  /** The number of the database. */
  readonly database: number;
}

const VARIABLE = 'REDIS_URL';
const DEFAULT_PORT = 6379;
const SCHEMES: Readonly<Record<string, { readonly tls: boolean }>> = {
  'redis:': { tls: false },
  'rediss:': { tls: true },
};

/** Reads where Redis is; null where there is none. */
export function readRedis(reader: EnvironmentReader): RedisOptions | null {
  const url = reader.secret(VARIABLE);
  if (!url) {
    return null;
  }
  const options = parseRedisUrl(url.reveal());
  return typeof options === 'string' ? reader.secretProblem(VARIABLE, options, null) : options;
}

/** Returns what a URL says, or what it should be instead; nothing of the URL is in that. */
function parseRedisUrl(text: string): RedisOptions | string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const scheme = url && Object.hasOwn(SCHEMES, url.protocol) ? SCHEMES[url.protocol] : undefined;
  if (!url || !scheme || url.hostname === '') {
    return 'redis://HOST:PORT or rediss://HOST:PORT, with USER:PASSWORD@ before the host where Redis asks for it. What is special in a password, such as / # ? @ %, is written as %2F %23 %3F %40 %25';
  }
  const database = /^\/?$/.test(url.pathname) ? 0 : Number(/^\/(\d{1,4})$/.exec(url.pathname)?.[1] ?? NaN);
  if (Number.isNaN(database)) {
    return 'nothing behind the port but the number of a database, such as /0';
  }
  if (url.search !== '' || url.hash !== '') {
    return 'no ? and no # in it; in a password they are written as %3F and %23';
  }
  try {
    const username = decodeURIComponent(url.username);
    const password = decodeURIComponent(url.password);
    return {
      // An address of IPv6 has brackets in a URL only.
      host: decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1'),
      port: url.port === '' ? DEFAULT_PORT : Number(url.port),
      tls: scheme.tls,
      username: username === '' ? null : username,
      password: password === '' ? null : new Secret(password),
      database,
    };
  } catch {
    // A URIError: the URL is well formed all the same.
    return 'every % in it to be followed by two hexadecimal digits; % itself is written as %25';
  }
}
