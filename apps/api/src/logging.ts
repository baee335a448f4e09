import type { IncomingMessage } from 'node:http';
import type { Params } from 'nestjs-pino';
import type { LogOptions } from './configuration/configuration';

/**
 * Structured logs: one line for each execution (written by the sandbox), none for each request. Of a request only id,
 * method and path are logged: bodies are scripts, and headers may carry credentials.
 */
export function loggerParams(options: LogOptions): Params {
  return {
    forRoutes: ['{*path}'],
    pinoHttp: {
      level: options.level,
      autoLogging: false,
      genReqId: (request: IncomingMessage) => request.id,
      quietReqLogger: true,
      customAttributeKeys: { reqId: 'requestId' },
      ...(options.pretty && { transport: { target: 'pino-pretty', options: { singleLine: true } } }),
    },
  };
}
