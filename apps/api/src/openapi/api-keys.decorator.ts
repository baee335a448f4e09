import { applyDecorators } from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';

/** The two ways to send a key, as the description names them. */
export const KEY_SCHEMES = { header: 'apiKey', bearer: 'bearer' } as const;

/** Says that an operation takes a key, and needs one where the service has keys. */
export function ApiKeys(): MethodDecorator {
  return applyDecorators(ApiSecurity(KEY_SCHEMES.bearer), ApiSecurity(KEY_SCHEMES.header), ApiSecurity({}));
}
