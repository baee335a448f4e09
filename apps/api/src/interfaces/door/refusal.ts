import { RequestFailure } from '../../http/request-failure';

/**
 * Returns what an interface throws for a request that it does not take. It is told by `errorOf` of its description, ends the trace
 * of the request, and counts among the requests that failed.
 * @param message one sentence for a person: what is wrong, and what to do
 */
export function refusal(message: string): Error {
  return new RequestFailure('INVALID_REQUEST', message);
}
