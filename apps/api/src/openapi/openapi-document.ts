import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { API_PATHS } from '@pycell/contracts';
import type { NextFunction, Request, Response } from 'express';
import type { CallersOptions } from '../configuration/callers-options';
import { readVersion } from '../configuration/installation';
import { notFound } from '../http/request-failure-of';
import { KEY_HEADER } from '../callers/sent-key';
import { KEY_SCHEMES } from './api-keys.decorator';
import { API_TAGS } from './api-tags';

const CLOSED_SCHEMAS = [
  'ExecuteRequest',
  'ExecuteBatchRequest',
  'StartExecutionRequest',
  'ValidateRequest',
  'InputFile',
  'RequestedLimits',
];

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
    .addServer('.')
    .addApiKey(
      {
        type: 'apiKey',
        in: 'header',
        name: KEY_HEADER,
        description: 'A key of this service, where it has keys. Send it in one of the two ways, not in both.',
      },
      KEY_SCHEMES.header,
    )
    .addBearerAuth(
      {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'pycell_ and 43 characters',
        description: 'The same key.',
      },
      KEY_SCHEMES.bearer,
    );
  for (const { name, description } of API_TAGS) {
    builder.addTag(name, description);
  }
  const document = SwaggerModule.createDocument(
    app,
    // Operations that say nothing, those of health, never ask for a key.
    { ...builder.build(), security: [] },
    { operationIdFactory: (_controller, method) => method },
  );
  closeRequests(document);
  return document;
}

/** Says of what is received, which no decorator of the library can, that other fields than the named ones are refused. */
function closeRequests({ components }: OpenAPIObject): void {
  for (const name of CLOSED_SCHEMAS) {
    const schema = components?.schemas?.[name];
    if (!schema || '$ref' in schema) {
      throw new Error(`There is no schema ${name} to close`);
    }
    schema.additionalProperties = false;
  }
}

/** Serves the API's description at /openapi.json and, for people, at /docs; with `off` there is nothing at these paths. */
export function serveOpenApi(app: INestApplication, access: CallersOptions['docsAccess']): void {
  if (access === 'off') {
    // Other paths that do not exist are told from known ones by the list of endpoints, which has these.
    app.use(
      [API_PATHS.docs, API_PATHS.openapi],
      (request: Request, _response: Response, next: NextFunction) =>
        next(notFound(request.originalUrl.split('?')[0] ?? '')),
    );
    return;
  }
  SwaggerModule.setup(API_PATHS.docs, app, createOpenApiDocument(app), {
    jsonDocumentUrl: API_PATHS.openapi,
    customSiteTitle: 'pycell API',
  });
}
