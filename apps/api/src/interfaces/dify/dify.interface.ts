import type { InterfaceDescription } from '../door/interface-description';
import { difyError } from './dify-answer';

export const RUN_PATH = '/v1/sandbox/run';
export const DEPENDENCIES_PATH = '/v1/sandbox/dependencies';
export const REFRESH_PATH = '/v1/sandbox/dependencies/refresh';
export const UPDATE_PATH = '/v1/sandbox/dependencies/update';

/** What Dify calls its sandbox by: CODE_EXECUTION_ENDPOINT and, in `X-Api-Key`, CODE_EXECUTION_API_KEY. */
export const DIFY: InterfaceDescription = {
  name: 'dify',
  prefixes: ['/v1/sandbox'],
  endpoints: [
    { method: 'POST', path: RUN_PATH, description: 'Dify: execute Python' },
    { method: 'GET', path: DEPENDENCIES_PATH, description: 'Dify: packages that scripts can import' },
    { method: 'GET', path: REFRESH_PATH, description: 'Dify: the same' },
    { method: 'POST', path: UPDATE_PATH, description: 'Dify: refused, packages are fixed' },
  ],
  keyHeaders: [],
  openPaths: [],
  errorOf: ({ code, httpStatus, message }) =>
    // Its client shows the message of an answer of 200 only. Its own sandbox says so what it cannot read, and 400 of another language.
    code === 'INVALID_REQUEST' || code === 'PAYLOAD_TOO_LARGE' || code === 'UNSUPPORTED_MEDIA_TYPE'
      ? { status: 200, body: difyError(-400, message) }
      : { status: httpStatus, body: difyError(-httpStatus, message) },
};
