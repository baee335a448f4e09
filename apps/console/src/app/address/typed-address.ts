import { API_PATHS } from '@pycell/contracts';

/** What a user typed as the address of the API, made ready for use. */
export type TypedAddress =
  { readonly kind: 'address'; readonly url: string } | { readonly kind: 'mistake'; readonly message: string };

/** Pages of the API that people copy the address from. */
const KNOWN_PATHS = Object.values(API_PATHS).filter((path) => path !== API_PATHS.metadata);

/** Completes `localhost:8080`, `/api` or the address of an endpoint to the address of the API. */
export function readTypedAddress(typed: string): TypedAddress {
  const text = typed.trim();
  if (text === '') return mistake('Enter an address, such as http://localhost:8080 or /api.');
  if (/^\.{0,2}\//.test(text) && !text.startsWith('//')) return address(text);
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') {
    return mistake(`The address begins with ${scheme}://. The API uses http:// or https://.`);
  }
  const whole = scheme === undefined ? withLikelyProtocol(text.replace(/^\/+/, '')) : text;
  if (!URL.canParse(whole)) return mistake('This is not a valid address. Example: http://localhost:8080.');
  const url = new URL(whole);
  if (url.username !== '' || url.password !== '') {
    return mistake('Browsers reject addresses with a user name or password. Leave them out.');
  }
  return address(`${url.origin}${url.pathname}`);
}

function address(text: string): TypedAddress {
  const withoutQuery = text.replace(/[?#].*$/, '').replace(/\/+$/, '');
  const endpoint = KNOWN_PATHS.find((path) => withoutQuery.endsWith(path));
  const url = endpoint ? withoutQuery.slice(0, -endpoint.length) : withoutQuery;
  return { kind: 'address', url: url === '' ? '/' : url };
}

function mistake(message: string): TypedAddress {
  return { kind: 'mistake', message };
}

/** Names without public certificates, and IP addresses. */
const PRIVATE_HOST =
  /^(?:[^.]+|[\d.]+|\[.*\]|.*\.(?:localhost|local|internal|intranet|lan|home|home\.arpa|test))$/i;

/** What runs on this machine or beside it rarely has a certificate; every public service does. */
function withLikelyProtocol(text: string): string {
  const host = /^(?:\[[^\]]*\]|[^/:?#]*)/.exec(text)?.[0] ?? '';
  return `${PRIVATE_HOST.test(host) ? 'http:' : 'https:'}//${text}`;
}
