import type { components } from './api.generated';

type Schemas = components['schemas'];

/** What happened, for programs: the codes of docs/api.md. A newer service may have others. */
export type ErrorCode = Schemas['ErrorResponse']['code'];
/** The body of an error. */
export type ErrorBody = Schemas['ErrorResponse'];
/** A file or a figure as it is sent, in base64. */
export type ArtifactBody = Schemas['Artifact'];
/** What the service measured of one execution. Nothing in here is told by the script. */
export type ExecutionReport = Schemas['ExecutionReport'];
/** One reason of the script policy to refuse a script. */
export type ScriptViolation = Schemas['ScriptViolation'];
/** What can be said of a script without executing anything. */
export type Validation = Schemas['ValidateResponse'];
/** What a service says of itself. */
export type Metadata = Schemas['MetadataResponse'];
/** `function`: `main()` is called; `script`: the text runs as a program. */
export type ExecutionMode = NonNullable<Schemas['ExecuteRequest']['mode']>;
/** Limits of one run, within those of the service: `timeoutMs`, `memoryMb`. */
export type RequestedLimits = Schemas['RequestedLimits'];
/** A file as it is sent: with `text` or `base64`. */
export type InputFileBody = Schemas['InputFile'];
/** What has become of an asynchronous execution; the last three are its end. */
export type ExecutionStatus = Schemas['AsynchronousExecution']['status'];
/** What the service keeps of an asynchronous execution, without its outcome. Times are ISO 8601 in UTC. */
export type ExecutionFacts = Omit<Schemas['AsynchronousExecution'], 'outcome'>;
