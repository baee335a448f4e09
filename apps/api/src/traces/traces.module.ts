import { Global, Module } from '@nestjs/common';
import type { Configuration } from '../configuration/configuration';
import { CONFIGURATION } from '../configuration/configuration.constants';
import { ForeignForms } from '../http/foreign-forms';
import { Traces } from './traces';

/** Records requests as traces where the configuration wants it. Nothing of OpenTelemetry is loaded where it does not. */
@Global()
@Module({
  providers: [
    {
      provide: Traces,
      inject: [CONFIGURATION, ForeignForms],
      useFactory: async ({ tracing }: Configuration, foreign: ForeignForms): Promise<Traces> => {
        if (!tracing.isWanted) {
          return new Traces(false, null);
        }
        const { createRecorder } = await import('./request-recorder.js');
        return new Traces(true, createRecorder(foreign));
      },
    },
  ],
  exports: [Traces],
})
export class TracesModule {}
