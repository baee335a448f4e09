import { accessOf } from './access';

const OPEN = { metadataAccess: 'open', docsAccess: 'open' } as const;
const CLOSED = { metadataAccess: 'key', docsAccess: 'key' } as const;

describe('accessOf', () => {
  it.each([
    ['GET', '/', 'open', 'key'],
    ['HEAD', '/', 'open', 'key'],
    ['GET', '/modules/', 'open', 'key'],
    ['GET', '/nowhere', 'open', 'key'],
    ['GET', '/docs', 'open', 'key'],
    ['GET', '/DOCS/swagger-ui-init.js', 'open', 'key'],
    ['GET', '/docs-yaml', 'open', 'key'],
    ['GET', '/openapi.json', 'open', 'key'],
    ['GET', '/health', 'unasked', 'unasked'],
    ['HEAD', '/health/live', 'unasked', 'unasked'],
    ['GET', '/healthy', 'open', 'key'],
    ['POST', '/execute', 'key', 'key'],
    ['POST', '/EXECUTE/', 'key', 'key'],
    ['POST', '/execute/batch', 'key', 'key'],
    ['POST', '/validate', 'key', 'key'],
    // Whatever is no reading, wherever it goes.
    ['POST', '/health', 'key', 'key'],
    ['DELETE', '/', 'key', 'key'],
    ['QUERY', '/nowhere', 'key', 'key'],
  ])('%s %s is %s, and %s where everything is closed', (method, path, open, closed) => {
    expect(accessOf(method, path, OPEN)).toBe(open);
    expect(accessOf(method, path, CLOSED)).toBe(closed);
  });

  it('knows the documentation from the rest', () => {
    expect(accessOf('GET', '/docs', { ...OPEN, docsAccess: 'key' })).toBe('key');
    expect(accessOf('GET', '/', { ...OPEN, docsAccess: 'key' })).toBe('open');
    expect(accessOf('GET', '/openapi.json', { ...CLOSED, docsAccess: 'open' })).toBe('open');
    expect(accessOf('GET', '/docs', { ...CLOSED, docsAccess: 'off' })).toBe('open');
  });
});
