import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { Configuration } from '../../configuration/configuration';
import { CONFIGURATION } from '../../configuration/configuration.constants';
import { OriginRefused } from '../door/origin-refused';

/**
 * Refuses what web pages send that are not allowed to. CORS alone does not: a page whose own name has been made to lead here
 * (DNS rebinding) asks no other origin, as its browser sees it. Clients that are no browsers send no Origin.
 */
@Injectable()
export class AllowedOrigins {
  private readonly origins: ReadonlySet<string>;

  constructor(@Inject(CONFIGURATION) { http }: { readonly http: Pick<Configuration['http'], 'corsOrigins'> }) {
    this.origins = new Set(http.corsOrigins);
  }

  /** @throws OriginRefused */
  check({ headers: { origin } }: Pick<Request, 'headers'>): void {
    if (origin !== undefined && !this.origins.has('*') && !this.origins.has(origin)) {
      throw new OriginRefused(origin);
    }
  }
}
