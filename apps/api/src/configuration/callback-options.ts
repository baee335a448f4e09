import { domainToASCII } from 'node:url';
import { isIP } from 'node:net';
import type { EnvironmentReader } from './environment';
import { Secret } from './secret';

/** Where callbacks may go to. */
export interface CallbackHost {
  /** Lower case, in ASCII, without a dot at its end. */
  readonly name: string;
  /** True: the names below it, at any depth, and not the name itself. */
  readonly isBelow: boolean;
  readonly port: number;
}

const HOSTS_VARIABLE = 'CALLBACK_HOSTS';
const SECRET_VARIABLE = 'CALLBACK_SECRET';
const HTTPS_PORT = 443;
const LEAST_SECRET_BYTES = 32;
const MOST_SECRET_BYTES = 1024;

/** Labels of letters, digits and hyphens, at least two; 253 characters. */
const NAME = /^(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

const EXPECTED_HOSTS =
  'names with a dot in them, separated by commas, such as hooks.example.org, *.example.org for the names below, or hooks.example.org:8443: no scheme, no path and no address';
const EXPECTED_SECRET = `at least ${LEAST_SECRET_BYTES} random bytes in base64, with or without whsec_ before them: "openssl rand -base64 32" makes some`;

/** Returns what is named by an entry of CALLBACK_HOSTS; null where it is none. */
export function parseCallbackHost(entry: string): CallbackHost | null {
  const [, star, host = '', digits] = /^(\*\.)?([^:/?#@%\\\s]+?)\.?(?::(\d{1,5}))?$/.exec(entry) ?? [];
  const name = domainToASCII(host).toLowerCase();
  const port = digits === undefined ? HTTPS_PORT : Number(digits);
  // Where URLs are read, a last label of digits makes the whole an address.
  const isName = NAME.test(name) && isIP(name) === 0 && !/\.(\d+|0x[0-9a-f]*)$/.test(name);
  return isName && port >= 1 && port <= 65_535 ? { name, isBelow: star !== undefined, port } : null;
}

/** Returns the bytes of a text such as `whsec_BASE64`; null where it has too few, or is something else. */
export function decodeCallbackSecret(text: string): Buffer | null {
  const base64 = text.replace(/^whsec_/, '');
  const bytes = Buffer.from(base64, 'base64');
  const whole = bytes.toString('base64');
  // Node reads over what is not base64; its padding may be left away.
  const isWhole = base64 === whole || base64 === whole.replace(/=+$/, '');
  return isWhole && bytes.length >= LEAST_SECRET_BYTES && bytes.length <= MOST_SECRET_BYTES ? bytes : null;
}

/** @param isShared whether there is Redis, by which what sends callbacks hears of ends */
export function readCallbackHosts(reader: EnvironmentReader, isShared: boolean): readonly CallbackHost[] {
  const entries = reader.list(HOSTS_VARIABLE, []);
  const hosts = entries.flatMap((entry) => parseCallbackHost(entry) ?? []);
  entries
    .filter((entry) => !parseCallbackHost(entry))
    .forEach((entry) => reader.problem(HOSTS_VARIABLE, entry, EXPECTED_HOSTS, null));
  return entries.length === 0 || isShared
    ? hosts
    : reader.problem(
        HOSTS_VARIABLE,
        entries.join(','),
        'REDIS_URL beside it: a process of its own, ROLE=callbacks, hears through Redis of what is to be sent',
        [],
      );
}

/** To be called where callbacks are sent only: whoever runs scripts has no use for the secret. */
export function readCallbackSecret(reader: EnvironmentReader): Secret | null {
  const secret = reader.secret(SECRET_VARIABLE);
  const isFine = secret && decodeCallbackSecret(secret.reveal());
  return isFine ? secret : reader.secretProblem(SECRET_VARIABLE, EXPECTED_SECRET, null);
}
