import type { HttpClient } from './http-client';

/** A service that is asked over HTTP only, wherever it runs: `ApiServer` is one, a container is another. */
export interface RunningService {
  readonly client: HttpClient;
  /** Ends it, or only lets go of it where somebody else started it. */
  stop(): Promise<unknown>;
}
