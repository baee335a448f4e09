import { API_PATHS, type ErrorResponse } from '@pycell/contracts';
import { ApiServer } from './harness/api-server';
import { describeEachBuild } from './harness/jail-support';

const OK_SCRIPT = 'def main():\n    return 1\n';

describeEachBuild('What protects the HTTP interface', (build) => {
  let server: ApiServer;

  beforeAll(async () => {
    server = await ApiServer.start({
      BUILD: build,
      CORS_ORIGINS: 'https://app.example.org,http://localhost:3000',
    });
  });

  afterAll(() => server.stop());

  describe('security headers', () => {
    it('are those of helmet, without an upgrade to https', async () => {
      const { headers } = await server.client.get(API_PATHS.metadata);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['x-frame-options']).toBe('SAMEORIGIN');
      expect(headers['content-security-policy']).toContain("default-src 'self'");
      expect(headers['content-security-policy']).not.toContain('upgrade-insecure-requests');
      expect(headers['strict-transport-security']).toBeUndefined();
      expect(headers['x-powered-by']).toBeUndefined();
    });
  });

  describe('CORS', () => {
    const preflight = {
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'content-type',
    };

    it('lets allowed origins read answers, the request id and Retry-After', async () => {
      const { headers } = await server.client.get(API_PATHS.metadata, { Origin: 'https://app.example.org' });
      expect(headers['access-control-allow-origin']).toBe('https://app.example.org');
      expect(headers['access-control-expose-headers']).toMatch(/X-Request-Id.*Retry-After/i);
      expect(headers.vary).toMatch(/Origin/);
    });

    it('answers the preflight of an allowed origin', async () => {
      const answer = await server.client.send({
        method: 'OPTIONS',
        path: API_PATHS.execute,
        headers: { ...preflight, Origin: 'http://localhost:3000' },
      });
      expect(answer.status).toBe(204);
      expect(answer.headers['access-control-allow-origin']).toBe('http://localhost:3000');
      expect(answer.headers['access-control-allow-methods']).toMatch(/POST/);
      expect(answer.headers['access-control-allow-headers']).toMatch(/content-type/i);
    });

    it.each([
      'https://evil.example',
      'null',
      'http://localhost:3001',
      'https://app.example.org.evil.example',
    ])('allows nothing to %s', async (origin) => {
      const seen = await server.client.get(API_PATHS.metadata, { Origin: origin });
      const asked = await server.client.send({
        method: 'OPTIONS',
        path: API_PATHS.execute,
        headers: { ...preflight, Origin: origin },
      });
      for (const { headers } of [seen, asked]) {
        expect(headers['access-control-allow-origin'] ?? 'none').not.toBe(origin);
        expect(headers['access-control-allow-origin']).not.toBe('*');
      }
    });
  });

  describe('the Host header', () => {
    const foreign = { Host: 'evil.example' };

    if (build === 'local') {
      it('is refused where it is not a loopback name: no page reaches unjailed Python by DNS rebinding', async () => {
        for (const path of [API_PATHS.metadata, API_PATHS.live, API_PATHS.docs]) {
          const answer = await server.client.get<ErrorResponse>(path, foreign);
          expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } });
          expect(answer.body.error).toMatch(/evil\.example.*ALLOWED_HOSTS/);
        }
        const answer = await server.client.postRaw(JSON.stringify({ script: OK_SCRIPT }), {
          ...foreign,
          'Content-Type': 'application/json',
        });
        expect(answer.status).toBe(400);
      });

      it.each(['localhost', 'localhost:8080', '127.0.0.1:1', '[::1]:8080', 'LOCALHOST'])(
        'may be %s',
        async (host) => {
          expect((await server.client.get(API_PATHS.live, { Host: host })).status).toBe(200);
        },
      );
    } else {
      it('may be anything: the jail does not depend on who asks', async () => {
        expect((await server.client.get(API_PATHS.live, foreign)).status).toBe(200);
      });
    }
  });
});

describe('ALLOWED_HOSTS', () => {
  it('adds names by which the API may be reached', async () => {
    const server = await ApiServer.start({ BUILD: 'local', ALLOWED_HOSTS: '127.0.0.1,pycell.test' });
    try {
      expect((await server.client.get(API_PATHS.live, { Host: 'pycell.test:8080' })).status).toBe(200);
      expect((await server.client.get(API_PATHS.live, { Host: 'localhost' })).status).toBe(400);
    } finally {
      await server.stop();
    }
  });
});
