import type { ExecuteRequest, IsolationLevel } from './execution';
import type { ExecutionLimits } from './limits';

/** A package that a script can import, beside the standard library. */
export interface PackageInfo {
  readonly name: string;
  readonly version: string;
}

/** What one endpoint is for. */
export interface EndpointInfo {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** What differs from one to the other stands in braces. */
  readonly path: string;
  readonly description: string;
}

/** One thing that the isolation self-test looks at from inside a run. */
export interface SelfTestCheck {
  readonly name: string;
  readonly passed: boolean;
}

/** The latest isolation self-test. Nothing is run while it has not passed. */
export interface SelfTestInfo {
  readonly passed: boolean;
  /** When it was made, ISO 8601; null before the first. */
  readonly at: string | null;
  readonly checks: readonly SelfTestCheck[];
}

/** What makes the forks of zygotes cheap. Each is proved before it is used, and off where the host cannot have it. */
export interface ZygotesInfo {
  /** Objects of a zygote are not counted by its forks: from Python 3.12 on. */
  readonly immortalObjects: boolean;
  /** Its memory is mapped from a file in memory: in the jail of Linux, on x86-64. */
  readonly memorySnapshot: boolean;
}

/** 200 of `GET /modules`. */
export interface ModulesResponse {
  /** Top-level modules that are there to import, the policy aside; sorted. */
  readonly modules: readonly string[];
}

/** How many requests may come in a time. */
export interface RateInfo {
  readonly requests: number;
  readonly seconds: number;
}

/** What is known of who asks. */
export interface CallerInfo {
  /** The name of the key that came with the request; null where none came. */
  readonly key: string | null;
  /** Runs that the key may have at once; null: as many as the service gives to any. */
  readonly places: number | null;
  /** The rate of the key; null: none of its own. */
  readonly rate: RateInfo | null;
}

/** 200 of `GET /`. Where a key came with the request, policy and limits are those of the key. */
export interface MetadataResponse {
  readonly name: string;
  readonly version: string;
  /** `local` (no isolation) or `cloud` (nsjail). */
  readonly environment: 'local' | 'cloud';
  readonly isolation: IsolationLevel;
  /** What that promises of each run, in sentences for people; empty for `none`. */
  readonly isolationPromises: readonly string[];
  readonly selfTest: SelfTestInfo;
  /** What holds for every zygote; null before the first is ready, and where runs are no forks of zygotes. */
  readonly zygotes: ZygotesInfo | null;
  readonly python: {
    /** Version of the interpreter that runs the scripts; null while it is unknown because the sandbox is not set up. */
    readonly version: string | null;
    readonly packages: readonly PackageInfo[];
  };
  /** What runs may be sent besides their scripts. */
  readonly features: {
    /** Whether `files` are taken: not where runs can write nothing, as inside gVisor. */
    readonly files: boolean;
  };
  readonly scriptPolicy: {
    readonly mode: 'enforce' | 'off';
    /** Modules that a script may not import. */
    readonly blockedModules: readonly string[];
    /** Built-in functions that a script may not use. */
    readonly blockedNames: readonly string[];
  };
  readonly limits: ExecutionLimits;
  /** Absent in the answers of services that know no keys yet. */
  readonly caller?: CallerInfo;
  readonly endpoints: readonly EndpointInfo[];
  readonly usage: {
    readonly description: string;
    readonly method: 'POST';
    readonly path: string;
    readonly body: ExecuteRequest;
  };
}
