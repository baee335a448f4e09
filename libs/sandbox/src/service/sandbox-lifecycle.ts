import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { SandboxExecutor } from '../run/sandbox-executor';
import { SANDBOX_EXECUTOR } from './sandbox.constants';

/** Starts the executor with the service and ends it with it. */
@Injectable()
export class SandboxLifecycle implements OnModuleInit, OnApplicationShutdown {
  constructor(@Inject(SANDBOX_EXECUTOR) private readonly executor: SandboxExecutor) {}

  onModuleInit(): void {
    this.executor.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.executor.close();
  }
}
