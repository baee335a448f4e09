import { type DynamicModule, type FactoryProvider, Module } from '@nestjs/common';
import type { ParserWasm } from '@pycell/script-policy';
import { createExecutor } from './executors/executors';
import { ScriptJudge } from './policy/script-judge';
import { NO_RULES } from './policy/script-terms';
import type { SandboxExecutor } from './run/sandbox-executor';
import type { ExecutionObserver } from './service/execution-observer';
import { EXECUTION_OBSERVER, SANDBOX_EXECUTOR, SANDBOX_OPTIONS } from './service/sandbox.constants';
import { SandboxLifecycle } from './service/sandbox-lifecycle';
import type { SandboxOptions } from './service/sandbox-options';
import { SandboxProbe } from './service/sandbox-probe';
import { SandboxService } from './service/sandbox.service';

/** What the application hands in: how to make the options, and how to read the files of the policy's parser. */
export interface SandboxModuleOptions {
  readonly options: Omit<FactoryProvider<SandboxOptions>, 'provide'>;
  readonly readParser: () => Promise<ParserWasm>;
  /** Who hears of what ends; null where nobody wants to. */
  readonly observer: Omit<FactoryProvider<ExecutionObserver | null>, 'provide'>;
}

/** Provides `SandboxService`, `SandboxProbe` and the executor that the configuration names. */
@Module({})
export class SandboxModule {
  static forRoot({ options, readParser, observer }: SandboxModuleOptions): DynamicModule {
    return {
      module: SandboxModule,
      providers: [
        { provide: SANDBOX_OPTIONS, ...options },
        { provide: EXECUTION_OBSERVER, ...observer },
        {
          provide: ScriptJudge,
          inject: [SANDBOX_OPTIONS],
          useFactory: async ({ policyRules, admission }: SandboxOptions) =>
            ScriptJudge.load({
              wasm: await readParser(),
              rules: policyRules ?? NO_RULES,
              maxThreads: admission.maxConcurrency,
            }),
        },
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
