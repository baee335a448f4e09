import type { Unreachable, WrongApi } from '../api/run-outcome';

/** Why an address is no API that this page can use, and what to do about it, in plain words. */
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
        title: `No answer from ${apiUrl} that this page may read. Browsers do not tell which of two reasons it is:`,
        steps: [
          `Nothing listens there. Open ${apiUrl} in another tab: a running pycell describes itself.`,
          `It runs, and does not allow this page. Start it with CORS_ORIGINS=${pageOrigin}`,
        ],
      };
    case 'mixed-content':
      return {
        title: 'The browser blocks it: this page came by https, and the address is plain http.',
        steps: ['Give the API an https address, or open the console by http.'],
      };
    case 'gateway':
      return {
        title: 'The server of this page answers, and the API behind it does not.',
        steps: ['Check that the API runs, and that the server of the console forwards to it (API_UPSTREAM).'],
      };
    case 'overloaded':
      return {
        title: `Something answers at ${apiUrl} in place of the API: that is starting, or has more to do than it can.`,
        steps: [
          'Try again in a moment.',
          'Where it stays so, look whether the API runs behind the gateway that answers.',
        ],
      };
    case 'timeout':
      return {
        title: `No answer from ${apiUrl} in time.`,
        steps: [
          'Try again: the API may have been starting.',
          'Check host and port: a firewall swallows questions without a word.',
        ],
      };
    case 'redirected':
      return {
        title: `${apiUrl} leads to another address, and browsers send no script on to there.`,
        steps: ['Check and save the address: the one that it leads to is saved instead.'],
      };
    case 'interrupted':
      return { title: 'The answer broke off.', steps: ['Try again.'] };
    case 'bad-address':
      return {
        title: `${apiUrl} is no address of http.`,
        steps: ['Type one such as http://localhost:8080 or /api.'],
      };
    default:
      return reason satisfies never;
  }
}

function wrongApi({ apiUrl, status, contentType }: WrongApi): AddressFailure {
  const type = contentType.split(';', 1)[0]?.trim() ?? '';
  return {
    title: `Something answers at ${apiUrl}, and it is not pycell.`,
    steps: [
      status === 404
        ? 'It knows nothing at this path (status 404). Check the path behind the host name.'
        : `It answered with status ${status}${type === '' ? '' : ` and ${type}`}. Check host, port and path.`,
    ],
  };
}
