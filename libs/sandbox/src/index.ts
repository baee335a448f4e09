export * from './execution-failure';
export type { PythonDescription, SandboxExecutor } from './executors/sandbox-executor';
export * from './host/host-inspection';
export * from './host/installation';
export * from './sandbox.constants';
export * from './sandbox.module';
export type { SandboxOptions, SandboxPaths } from './sandbox-options';
export * from './service/sandbox-probe';
export * from './service/sandbox.service';
