export * from './client/pycell-client';
export type { CallOptions, Fetch } from './client/caller';
export type { StreamFormat } from './client/event-parser';
export type { BatchItem } from './client/batch-lines';
export type { EndedExecution, EventsOptions, Execution, Executions, StartOptions } from './client/executions';
export type { BatchRequest, ExecutionRequest, InputFile, Inputs, StartRequest } from './client/requests';
export type { RetryOptions } from './client/retry-policy';
export type { ExecutionEvent, RunEvent } from './results/run-event';
export type { RunEnd, RunResult } from './results/run-result';
export {
  type ConnectionCode,
  type ErrorKind,
  isNetworkError,
  isPycellError,
  isRefusedError,
  isScriptError,
  isServiceError,
  NetworkError,
  PycellError,
  RefusedError,
  ScriptError,
  ServiceError,
} from './errors/pycell-error';
export type { Artifact } from './answers/artifact';
export type * from './schema/schema';

// The level below, for programs that read answers in their own way, as the console does: texts, and nothing is thrown for what
// a service says.
export * from './answers/answer-body';
export * from './answers/execution-record';
export * from './answers/fields';
export * from './http/execute-body';
export * from './http/http-answer';
export * from './http/idempotency-key';
export * from './http/paths';
export * from './http/request-init';
export * from './json/base64';
export * from './json/json-member';
export * from './json/json-parts';
export type { TextSpan } from './json/json-scan';
export * from './json/read-json';
export { CODES } from './schema/codes.generated';
export * from './streams/body-text';
export * from './streams/event-line';
export * from './streams/event-stream';
export * from './streams/event-types';
export * from './streams/line-splitter';
export * from './streams/silence';
