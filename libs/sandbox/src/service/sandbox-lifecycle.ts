import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { ScriptJudge } from '../policy/script-judge';
import type { SandboxExecutor } from '../run/sandbox-executor';
import { SANDBOX_EXECUTOR } from './sandbox.constants';

/** Starts the executor with the service, and ends it with it; the policy's threads too, which start when they are needed. */
@Injectable()
export class SandboxLifecycle implements OnModuleInit, OnApplicationShutdown {
  constructor(
    @Inject(SANDBOX_EXECUTOR) private readonly executor: SandboxExecutor,
    private readonly judge: ScriptJudge,
  ) {}

  onModuleInit(): void {
    this.executor.start();
  }

  async onApplicationShutdown(): Promise<void> {
    this.judge.close();
    await this.executor.close();
  }
}
