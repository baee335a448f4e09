import { type DynamicModule, type FactoryProvider, Module } from '@nestjs/common';
import type { ScriptPolicy } from '@pycell/script-policy';
import { LocalExecutor } from './executors/local.executor';
import { NsjailExecutor } from './executors/nsjail.executor';
import type { SandboxExecutor } from './executors/sandbox-executor';
import { SANDBOX_EXECUTOR, SANDBOX_OPTIONS, SCRIPT_POLICY } from './sandbox.constants';
import type { SandboxOptions } from './sandbox-options';
import { SandboxLifecycle } from './service/sandbox-lifecycle';
import { SandboxProbe } from './service/sandbox-probe';
import { SandboxService } from './service/sandbox.service';

/** What the application hands in: how to make the options and the loaded policy. */
export interface SandboxModuleOptions {
  readonly options: Omit<FactoryProvider<SandboxOptions>, 'provide'>;
  readonly policy: Omit<FactoryProvider<ScriptPolicy>, 'provide'>;
}

/** Provides `SandboxService`, `SandboxProbe` and the executor that BUILD chose. */
@Module({})
export class SandboxModule {
  static forRoot({ options, policy }: SandboxModuleOptions): DynamicModule {
    return {
      module: SandboxModule,
      providers: [
        { provide: SANDBOX_OPTIONS, ...options },
        { provide: SCRIPT_POLICY, ...policy },
        { provide: SANDBOX_EXECUTOR, inject: [SANDBOX_OPTIONS], useFactory: createExecutor },
        SandboxService,
        {
          provide: SandboxProbe,
          inject: [SANDBOX_EXECUTOR, SANDBOX_OPTIONS],
          useFactory: (executor: SandboxExecutor, { jailProfile }: SandboxOptions) =>
            new SandboxProbe(executor, jailProfile),
        },
        SandboxLifecycle,
      ],
      exports: [SANDBOX_EXECUTOR, SandboxService, SandboxProbe],
    };
  }
}

/** Chosen once, from the configuration alone; whether it works is for readiness to say. */
function createExecutor(options: SandboxOptions): SandboxExecutor {
  switch (options.build) {
    case 'local':
      return new LocalExecutor(options);
    case 'cloud':
      return new NsjailExecutor(options);
    default:
      return options.build satisfies never;
  }
}
