import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { API_PATHS } from '@pycell/contracts';
import { readVersion } from '../configuration/installation';
import { API_TAGS } from './api-tags';

/** Returns the OpenAPI description of the application's controllers. */
export function createOpenApiDocument(app: INestApplication): OpenAPIObject {
  const builder = new DocumentBuilder()
    // 3.0: the library writes `nullable` only, which 3.1 does not know.
    .setOpenAPIVersion('3.0.3')
    .setTitle('pycell')
    .setDescription(
      'Runs untrusted Python safely: POST a script that defines main(), get its result as JSON.',
    )
    .setVersion(readVersion())
    .setLicense('MIT', 'https://opensource.org/license/mit')
    // Relative to where this description lies: the console's server, and others, have the API below a path.
    .addServer('.');
  for (const { name, description } of API_TAGS) {
    builder.addTag(name, description);
  }
  return SwaggerModule.createDocument(
    app,
    // No operation asks for a key.
    { ...builder.build(), security: [] },
    { operationIdFactory: (_controller, method) => method },
  );
}

/** Serves the API's description at /openapi.json and, for people, at /docs. */
export function serveOpenApi(app: INestApplication): void {
  SwaggerModule.setup(API_PATHS.docs, app, createOpenApiDocument(app), {
    jsonDocumentUrl: API_PATHS.openapi,
    customSiteTitle: 'pycell API',
  });
}
