/** Injects the `SandboxExecutor` that BUILD chose. */
export const SANDBOX_EXECUTOR = Symbol('SANDBOX_EXECUTOR');

/** Injects the `SandboxOptions`. */
export const SANDBOX_OPTIONS = Symbol('SANDBOX_OPTIONS');

/** Injects the `ExecutionObserver`; null where nobody observes. */
export const EXECUTION_OBSERVER = Symbol('EXECUTION_OBSERVER');
