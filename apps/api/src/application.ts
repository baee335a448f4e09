import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { OpenAPIObject } from '@nestjs/swagger';
import { API_PATHS, LIMITS, REQUEST_ID_HEADER } from '@pycell/contracts';
import helmet from 'helmet';
import { AppModule } from './app.module';
import { callerOf, Callers } from './callers/callers';
import { readConfiguration, type Configuration, type HttpOptions } from './configuration/configuration';
import type { JobsOptions } from './configuration/jobs-options';
import { EarlyRefusals } from './executions/early-refusals';
import { SERVER_TIMING_HEADER } from './answers/server-timing';
import { answerClientErrors } from './http/client-errors';
import { limitConnections } from './http/connection-limits';
import { requireJson } from './http/content-type.middleware';
import { holdBackContinue } from './http/expected-continue';
import { serveHealthOnly } from './http/health-only.middleware';
import { HeldBodies } from './http/held-bodies';
import { allowHosts } from './http/host-check.middleware';
import { allowOneRequestAtATime } from './http/one-request-at-a-time';
import type { BodyBounds } from './http/received-bytes';
import { RequestBodies } from './http/request-bodies';
import { assignRequestId } from './http/request-id.middleware';
import { ShapedExpressAdapter } from './http/shaped-express.adapter';
import { announceInterfaces, receiveForInterfaces, setUpInterfaces } from './interfaces-setup';
import { ServiceLogger } from './logging';
import { createOpenApiDocument, serveOpenApi } from './openapi/openapi-document';
import { RATE_LIMIT_HEADER, RATE_LIMIT_POLICY_HEADER } from './rates/rate-headers';
import { RateLimits } from './rates/rate-limits';
import { OpenResponses } from './shutdown/open-responses';
import { Traces } from './traces/traces';

/** Where batches lie below the path of executions. */
const BATCH_PATH = API_PATHS.executeBatch.slice(API_PATHS.execute.length);

/** Builds the application. It does not listen yet: that is the caller's part. */
export async function createApplication(configuration: Configuration): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(
    AppModule.forRoot(configuration),
    new ShapedExpressAdapter(),
    { bufferLogs: true, bodyParser: false, abortOnError: false },
  );
  app.useLogger(app.get(ServiceLogger));
  const { role } = configuration.jobs;
  setUpAll(app, configuration.http);
  if (role === 'api' || role === 'both') {
    setUpApi(app, configuration);
    serveOpenApi(app, configuration.callers.docsAccess);
  } else {
    const { allowedHosts } = configuration.http;
    if (allowedHosts) {
      app.use(allowHosts(allowedHosts));
    }
    app.use(serveHealthOnly(role));
  }
  app.enableShutdownHooks();
  return app;
}

/** Returns the API's description. Nothing is started and nothing listens: providers are not even created. */
export async function describeApi(): Promise<OpenAPIObject> {
  const app = await NestFactory.create(AppModule.forRoot(readConfiguration({})), {
    preview: true,
    logger: false,
    abortOnError: false,
  });
  return createOpenApiDocument(app);
}

/** What a request passes whatever the process is for, in this order. */
function setUpAll(app: NestExpressApplication, options: HttpOptions): void {
  // Answers to POST are never cached: hashing megabytes of result for an ETag would be wasted.
  app.set('etag', false);
  app.use(assignRequestId);
  const { record } = app.get(Traces);
  if (record) {
    app.use(record);
  }
  app.use(app.get(OpenResponses).track);
  app.use(securityHeaders());
  answerClientErrors(app.getHttpServer());
  holdBackContinue(app.getHttpServer());
  limitConnections(app.getHttpServer(), options);
  allowOneRequestAtATime(app.getHttpServer());
}

/** What a request passes then, before it reaches a controller, in this order. */
function setUpApi(app: NestExpressApplication, configuration: Configuration): void {
  const { http: options, interfaces, jobs } = configuration;
  const descriptions = interfaces.names.length > 0 ? announceInterfaces(app, configuration) : [];
  app.enableCors({
    origin: options.corsOrigins.includes('*') ? '*' : [...options.corsOrigins],
    methods: ['GET', 'POST', 'DELETE'],
    exposedHeaders: [
      REQUEST_ID_HEADER,
      'Location',
      'Retry-After',
      SERVER_TIMING_HEADER,
      'WWW-Authenticate',
      RATE_LIMIT_HEADER,
      RATE_LIMIT_POLICY_HEADER,
    ],
    maxAge: 600,
  });
  if (options.allowedHosts) {
    app.use(allowHosts(options.allowedHosts));
  }
  app.use(app.get(Callers).identify);
  // The first stands for the paths below it, too.
  const paths = [API_PATHS.execute, API_PATHS.executions, API_PATHS.validate];
  app.use(paths, app.get(RateLimits).judge);
  app.use(paths, requireJson);
  setUpInterfaces(app, configuration, descriptions);
  app.use(app.get(HeldBodies).trackBy((request) => callerOf(request).id));
  const bodies = app.get(RequestBodies);
  const ofExecute = boundsOfExecute(options);
  const ofBatch = boundsOfBatch(options);
  const ofValidate = boundsOfValidate(options);
  app.use(
    API_PATHS.execute,
    bodies.receive((path) => (path.startsWith(BATCH_PATH) ? ofBatch : ofExecute)),
  );
  const ofExecutions = boundsOfExecutions(options, jobs);
  app.use(
    API_PATHS.executions,
    bodies.receive(() => ofExecutions),
  );
  app.use(
    API_PATHS.validate,
    bodies.receive(() => ofValidate),
  );
  receiveForInterfaces(app, configuration, descriptions);
  // Not where the name of the host decides about a request first.
  if (!options.allowedHosts) {
    app.get(EarlyRefusals).install(app.getHttpServer());
  }
}

function boundsOfExecute({ bodyLimitBytes }: HttpOptions): BodyBounds {
  const { maxScriptSize, maxInputsBytes, tmpSizeMb } = LIMITS;
  return {
    limitBytes: bodyLimitBytes,
    holds: `a script of ${maxScriptSize.variable} characters, inputs of ${maxInputsBytes.variable} bytes, and files and stdin of ${tmpSizeMb.variable} MiB`,
  };
}

/** What could never wait is not read either. */
function boundsOfExecutions(options: HttpOptions, { maxWaitingBytes }: JobsOptions): BodyBounds {
  return maxWaitingBytes < options.bodyLimitBytes
    ? { limitBytes: maxWaitingBytes, holds: 'as much as may wait, which is MAX_QUEUED_MB' }
    : boundsOfExecute(options);
}

function boundsOfBatch({ bodyLimitBytes }: HttpOptions): BodyBounds {
  const { maxScriptSize, maxInputsBytes } = LIMITS;
  return {
    limitBytes: bodyLimitBytes,
    holds: `a script of ${maxScriptSize.variable} characters, and inputs of which each has at most ${maxInputsBytes.variable} bytes: send what is more in several batches`,
  };
}

function boundsOfValidate({ scriptBodyLimitBytes }: HttpOptions): BodyBounds {
  return {
    limitBytes: scriptBodyLimitBytes,
    holds: `a script of ${LIMITS.maxScriptSize.variable} characters`,
  };
}

/** helmet's defaults without its upgrade to https: plain HTTP must work on hosts other than localhost, too. */
function securityHeaders(): ReturnType<typeof helmet> {
  return helmet({
    contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
    strictTransportSecurity: false,
    crossOriginResourcePolicy: { policy: 'cross-origin' },
  });
}
