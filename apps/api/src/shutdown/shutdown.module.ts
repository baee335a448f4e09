import { Global, Module } from '@nestjs/common';
import { GracefulShutdown } from './graceful-shutdown';
import { OpenResponses } from './open-responses';

/**
 * Global, and imported by the root module only: Nest calls the shutdown hooks of the modules nearest to the root first.
 * Terminus fails every health check from its own hook on, and liveness must not fail while runs finish.
 */
@Global()
@Module({
  providers: [GracefulShutdown, OpenResponses],
  exports: [GracefulShutdown, OpenResponses],
})
export class ShutdownModule {}
