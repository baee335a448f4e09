import { ExecutionFailure } from '@pycell/sandbox';

/** A web page has sent a request that it may not send. */
export class OriginRefused extends ExecutionFailure {
  constructor(origin: string) {
    super(
      'FORBIDDEN',
      `Origin ${JSON.stringify(origin.slice(0, 200))} is not allowed. Add it to CORS_ORIGINS to let its pages use this interface.`,
    );
  }
}
