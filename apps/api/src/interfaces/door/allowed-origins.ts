import { Inject, Injectable } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';
import type { Configuration } from '../../configuration/configuration';
import { CONFIGURATION } from '../../configuration/configuration.constants';
import { RequestFailure } from '../../http/request-failure';

/**
 * Refuses what web pages send that are not allowed to. CORS alone does not: a page whose own name has been made to lead here
 * (DNS rebinding) asks no other origin, as its browser sees it. Clients that are no browsers send no Origin.
 */
@Injectable()
export class AllowedOrigins {
  private readonly origins: ReadonlySet<string>;

  constructor(
    @Inject(CONFIGURATION) { http }: { readonly http: Pick<Configuration['http'], 'corsOrigins'> },
  ) {
    this.origins = new Set(http.corsOrigins);
  }

  /** @throws RequestFailure with FORBIDDEN */
  check({ origin }: IncomingHttpHeaders): void {
    if (origin !== undefined && !this.origins.has('*') && !this.origins.has(origin)) {
      throw new RequestFailure(
        'FORBIDDEN',
        `Origin ${JSON.stringify(origin.slice(0, 200))} is not allowed: add it to CORS_ORIGINS to let its pages use this interface`,
      );
    }
  }
}
