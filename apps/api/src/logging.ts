import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { Logger, type Params } from 'nestjs-pino';
import { knownCallerOf } from './callers/callers';
import type { LogOptions } from './configuration/configuration';
import { traceOf } from './http/request-trace';
import { logDestination } from './log-destination';

/**
 * Structured logs: one line for each execution (written by the sandbox), none for each request. Of a request only its
 * id is logged, that of its trace, and the name of its key: bodies are scripts, and headers may carry credentials.
 */
export function loggerParams(options: LogOptions): Params {
  const common = {
    level: options.level,
    autoLogging: false,
    // Behind the station at which callers become known. What has no key has no such member.
    customProps: (request: IncomingMessage) => ({
      requestId: request.id,
      traceId: traceOf(request)?.id,
      key: knownCallerOf(request)?.key ?? undefined,
    }),
    // pino-http has all of a request put into words for a second logger, which nobody uses here; and would log a response.
    wrapSerializers: false,
    serializers: { req: () => undefined, res: () => undefined },
  };
  return {
    forRoutes: ['{*path}'],
    pinoHttp: options.pretty
      ? { ...common, transport: { target: 'pino-pretty', options: { singleLine: true } } }
      : [common, logDestination],
  };
}

/** The contexts in which Nest logs its own start: of use in development, noise otherwise. */
const BOOTSTRAP_CONTEXTS: ReadonlySet<unknown> = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
]);

/** The service's logger. Nest's messages about its own start go to level debug. */
@Injectable()
export class ServiceLogger extends Logger {
  override log(message: unknown, ...rest: unknown[]): void {
    if (BOOTSTRAP_CONTEXTS.has(rest.at(-1))) {
      super.debug(message, ...rest);
    } else {
      super.log(message, ...rest);
    }
  }
}
