import type { UnreachableReason } from '../api/run-outcome';
import { describeAddressFailure } from './address-failure';

const REASONS: readonly UnreachableReason[] = [
  'network',
  'cross-origin',
  'mixed-content',
  'gateway',
  'overloaded',
  'timeout',
  'redirected',
  'interrupted',
  'bad-address',
];

describe('describeAddressFailure', () => {
  it.each(REASONS)('says what happened and what to do: %s', (reason) => {
    const failure = { kind: 'unreachable', apiUrl: 'http://h:1', reason, detail: 'Failed to fetch' } as const;
    const { title, steps } = describeAddressFailure(failure, 'http://page');
    expect(title).toMatch(/^\w.*[.:]$/);
    expect(steps.length).toBeGreaterThan(0);
    // What the browser says about it helps nobody.
    expect([title, ...steps].join(' ')).not.toContain('Failed to fetch');
  });

  it('tells which origin the API has to allow', () => {
    const failure = {
      kind: 'unreachable',
      apiUrl: 'http://h:1',
      reason: 'cross-origin',
      detail: '',
    } as const;
    expect(describeAddressFailure(failure, 'https://page').steps.join()).toContain(
      'CORS_ORIGINS=https://page',
    );
  });

  it('tells a wrong path from a wrong service', () => {
    const wrong = { kind: 'wrong-api', apiUrl: 'http://h:1', contentType: 'text/html; charset=x' } as const;
    expect(describeAddressFailure({ ...wrong, status: 404 }, '').steps.join()).toContain('path');
    expect(describeAddressFailure({ ...wrong, status: 200 }, '').steps.join()).toContain(
      '200 and text/html.',
    );
  });
});
