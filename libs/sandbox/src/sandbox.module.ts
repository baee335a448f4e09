import { type DynamicModule, type FactoryProvider, Module } from '@nestjs/common';
import type { ScriptPolicy } from '@pycell/script-policy';
import { createExecutor } from './executors/executors';
import type { SandboxExecutor } from './run/sandbox-executor';
import { SANDBOX_EXECUTOR, SANDBOX_OPTIONS, SCRIPT_POLICY } from './service/sandbox.constants';
import { SandboxLifecycle } from './service/sandbox-lifecycle';
import type { SandboxOptions } from './service/sandbox-options';
import { SandboxProbe } from './service/sandbox-probe';
import { SandboxService } from './service/sandbox.service';

/** What the application hands in: how to make the options and the loaded policy. */
export interface SandboxModuleOptions {
  readonly options: Omit<FactoryProvider<SandboxOptions>, 'provide'>;
  readonly policy: Omit<FactoryProvider<ScriptPolicy>, 'provide'>;
}

/** Provides `SandboxService`, `SandboxProbe` and the executor that the configuration names. */
@Module({})
export class SandboxModule {
  static forRoot({ options, policy }: SandboxModuleOptions): DynamicModule {
    return {
      module: SandboxModule,
      providers: [
        { provide: SANDBOX_OPTIONS, ...options },
        { provide: SCRIPT_POLICY, ...policy },
        {
          provide: SANDBOX_EXECUTOR,
          inject: [SANDBOX_OPTIONS],
          useFactory: (given: SandboxOptions) =>
            createExecutor({ ...given, maxConcurrency: given.admission.maxConcurrency }),
        },
        SandboxService,
        {
          provide: SandboxProbe,
          inject: [SANDBOX_EXECUTOR],
          useFactory: (executor: SandboxExecutor) => new SandboxProbe(executor),
        },
        SandboxLifecycle,
      ],
      exports: [SANDBOX_EXECUTOR, SandboxService, SandboxProbe],
    };
  }
}
