import { headersOf } from './answer-headers';
import { ApiErrors } from './api-errors.decorator';

describe('ApiErrors', () => {
  it('refuses a list that names a code twice', () => {
    expect(() => ApiErrors(['RATE_LIMITED', 'INTERNAL', 'RATE_LIMITED'])).toThrow(
      'the errors of an operation name RATE_LIMITED twice',
    );
  });

  it('describes the headers of all codes that share an answer', () => {
    expect(Object.keys(headersOf(['UNAUTHENTICATED', 'RATE_LIMITED', 'INTERNAL']) ?? {})).toEqual([
      'Retry-After',
      'WWW-Authenticate',
      'RateLimit-Policy',
      'RateLimit',
    ]);
    expect(headersOf(['INTERNAL'])).toBeNull();
  });
});
