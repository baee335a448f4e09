export { JAIL_PROFILES, type JailProfile } from './executors/executor-options';
export * from './host/installation';
export * from './inspection/host-check';
export * from './inspection/host-inspection';
export { parseExactly, stringifyExactly, withoutExactNumbers } from './protocol/exact-numbers';
export { countStructure } from './protocol/json-structure';
export { ON_DEMAND_KINDS } from './protocol/messages';
export { findLongResultFlaw } from './protocol/result-check';
export { plainRequest, type BatchRequest, type ExecutionRequest, type Manner, type RunFile } from './run/run';
export type { OutputFlow, OutputStream } from './run/run-observer';
export type { RunResult } from './run/run-result';
export type { EngineState } from './run/engine-state';
export type { PythonDescription, SandboxExecutor } from './run/sandbox-executor';
export * from './sandbox.module';
export type { RunArtifact } from './run/outcome';
export type { CallerTerms, Client } from './service/client';
export type { CompletedExecution } from './service/completed-execution';
export * from './service/execution-failure';
export type * from './service/execution-listener';
export type {
  EndedBatch,
  EndedExecution,
  EndedRun,
  ExecutionObserver,
  ExecutionStatus,
} from './service/execution-observer';
export type { JobExecution, PlacesOfJobs, ReservedPlace } from './service/reserved-place';
export type { SandboxOptions } from './service/sandbox-options';
export * from './service/sandbox-probe';
export * from './service/sandbox.constants';
export * from './service/sandbox.service';
export { scriptTooLarge } from './service/script-size';
