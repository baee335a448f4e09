import { API_PATHS, ERROR_CODES } from '@pycell/contracts';
import type { HttpClient } from '../harness/http-client';

/** Defines what a service says of its own interface. */
export function describeDocumentation(client: () => HttpClient): void {
  describe('documentation', () => {
    it('GET /docs is a page', async () => {
      const answer = await client().get(API_PATHS.docs);
      expect(answer.status).toBe(200);
      expect(answer.headers['content-type']).toMatch(/^text\/html/);
      expect(answer.text).toMatch(/swagger-ui/);
    });

    it('GET /openapi.json describes every endpoint, the schemas and the error codes', async () => {
      interface Document {
        readonly openapi: string;
        readonly servers: readonly unknown[];
        readonly paths: Record<string, Record<string, { responses: Record<string, unknown> }>>;
        readonly components: {
          schemas: Record<string, { properties?: Record<string, { enum?: string[] }> }>;
        };
      }
      const { body } = await client().get<Document>(API_PATHS.openapi);
      expect(body.openapi).toMatch(/^3\./);
      // Relative: behind the console's server it is below a path.
      expect(body.servers).toEqual([{ url: '.' }]);
      const itself: readonly string[] = [API_PATHS.docs, API_PATHS.openapi];
      const described = Object.values(API_PATHS).filter((path) => !itself.includes(path));
      expect(Object.keys(body.paths).sort()).toEqual(described.sort());
      const responses = Object.keys(body.paths[API_PATHS.execute]?.['post']?.responses ?? {});
      expect(responses.sort()).toEqual([
        '200',
        '400',
        '401',
        '403',
        '413',
        '415',
        '422',
        '429',
        '500',
        '503',
      ]);
      const schemas = Object.values(body.components.schemas);
      expect(schemas.some(({ properties }) => properties?.['script'] !== undefined)).toBe(true);
      const codes = schemas.flatMap(({ properties }) => properties?.['code']?.enum ?? []);
      // More than one schema has them: that of errors, and those that are errors of a stream or a batch.
      expect([...new Set(codes)]).toEqual([...ERROR_CODES]);
    });
  });
}
