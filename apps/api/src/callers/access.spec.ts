import { accessOf } from './access';

const OPEN = { metadataAccess: 'open', docsAccess: 'open' } as const;
const CLOSED = { metadataAccess: 'key', docsAccess: 'key' } as const;

describe('accessOf', () => {
  it.each([
    ['GET', '/', 'open', 'key'],
    ['HEAD', '/', 'open', 'key'],
    ['GET', '/modules/', 'open', 'key'],
    ['GET', '/MODULES', 'open', 'key'],
    ['GET', '/modules/x', 'key', 'key'],
    ['GET', '/nowhere', 'key', 'key'],
    ['HEAD', '/nowhere', 'key', 'key'],
    ['GET', '/execute', 'key', 'key'],
    // The root with a final slash, which the router takes for the root.
    ['GET', '//', 'open', 'key'],
    ['GET', '//modules', 'key', 'key'],
    ['GET', '/%6dodules', 'key', 'key'],
    ['GET', '', 'key', 'key'],
    ['GET', '*', 'key', 'key'],
    ['GET', '/docs', 'open', 'key'],
    ['GET', '/DOCS/swagger-ui-init.js', 'open', 'key'],
    ['GET', '/docs-yaml', 'open', 'key'],
    ['GET', '/docs-other', 'key', 'key'],
    ['GET', '/docs2', 'key', 'key'],
    ['GET', '/openapi.json', 'open', 'key'],
    ['GET', '/health', 'unasked', 'unasked'],
    ['HEAD', '/health/live', 'unasked', 'unasked'],
    ['GET', '/health/', 'unasked', 'unasked'],
    ['GET', '/healthy', 'key', 'key'],
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
    expect(accessOf('GET', '/docs', { ...CLOSED, docsAccess: 'off' })).toBe('key');
    expect(accessOf('GET', '/docs', { ...OPEN, docsAccess: 'off' })).toBe('key');
  });
});
