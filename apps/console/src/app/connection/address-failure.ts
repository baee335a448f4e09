import type { Unreachable, WrongApi } from '../api/run-outcome';

/** Why this page cannot use an address as its API, and what to do about it. */
export interface AddressFailure {
  readonly title: string;
  readonly steps: readonly string[];
}

/** @param pageOrigin of this page, which the API may have to allow */
export function describeAddressFailure(failure: Unreachable | WrongApi, pageOrigin: string): AddressFailure {
  if (failure.kind === 'wrong-api') return wrongApi(failure);
  const { apiUrl, reason } = failure;
  switch (reason) {
    case 'network':
      return {
        title: 'No answer: the server of this page cannot be reached.',
        steps: ['Check your network, and that the server that this page came from is running.'],
      };
    case 'cross-origin':
      return {
        title: `No readable answer from ${apiUrl}. Browsers do not say which of two causes it has:`,
        steps: [
          `No server is listening there. Open ${apiUrl} in another tab: a running pycell describes itself.`,
          `The server does not allow this page. Start it with CORS_ORIGINS=${pageOrigin}`,
        ],
      };
    case 'mixed-content':
      return {
        title: 'The browser blocks it: this page was loaded by https, and the address is plain http.',
        steps: ['Give the API an https address, or open the console by http.'],
      };
    case 'gateway':
      return {
        title: 'The server of this page answers, but the API behind it does not.',
        steps: ['Check that the API runs, and that the server of the console forwards to it (API_UPSTREAM).'],
      };
    case 'overloaded':
      return {
        title: `A gateway answers at ${apiUrl} instead of the API, which is starting or overloaded.`,
        steps: [
          'Try again in a moment.',
          'If this persists, check that the API behind the gateway is running.',
        ],
      };
    case 'timeout':
      return {
        title: `No answer from ${apiUrl} in time.`,
        steps: [
          'Try again: the API may have been starting.',
          'Check host and port: a firewall may drop requests silently.',
        ],
      };
    case 'redirected':
      return {
        title: `${apiUrl} redirects to another address, and browsers do not resend a script there.`,
        steps: ['Check and save the address: the one it redirects to is saved instead.'],
      };
    case 'interrupted':
      return { title: 'The connection was lost before the answer was complete.', steps: ['Try again.'] };
    case 'bad-address':
      return {
        title: `${apiUrl} is not an http address.`,
        steps: ['Enter one such as http://localhost:8080 or /api.'],
      };
    default:
      return reason satisfies never;
  }
}

function wrongApi({ apiUrl, status, contentType }: WrongApi): AddressFailure {
  const type = contentType.split(';', 1)[0]?.trim() ?? '';
  return {
    title: `The service at ${apiUrl} is not pycell.`,
    steps: [
      status === 404
        ? 'It has nothing at this path (status 404). Check the path after the host name.'
        : `It answered with status ${status}${type === '' ? '' : ` and ${type}`}. Check host, port and path.`,
    ],
  };
}
