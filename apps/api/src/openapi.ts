import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { API_PATHS } from '@pycell/contracts';
import { readVersion } from './configuration/installation';

/** Serves the API's description at /openapi.json and, for people, at /docs. */
export function serveOpenApi(app: INestApplication): void {
  const document = SwaggerModule.createDocument(
    app,
    new DocumentBuilder()
      .setTitle('pycell')
      .setDescription('Runs Python that nobody has reviewed, safely: POST a script that defines main().')
      .setVersion(readVersion())
      .setLicense('MIT', 'https://opensource.org/license/mit')
      // Relative to this description: the console's server, and others, have the API below a path.
      .addServer('./')
      .build(),
  );
  SwaggerModule.setup(API_PATHS.docs, app, document, {
    jsonDocumentUrl: API_PATHS.openapi,
    customSiteTitle: 'pycell API',
  });
}
