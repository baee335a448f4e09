import type { PolicyRules } from '@pycell/script-policy';
import type { AdmissionOptions } from '../admission/admission';
import type { ExecutorOptions } from '../executors/executor-options';

/** What the configuration hands to this library. */
export interface SandboxOptions extends Omit<ExecutorOptions, 'maxConcurrency'> {
  readonly admission: AdmissionOptions;
  /** `null`: the policy is off and the jail alone decides. */
  readonly policyRules: PolicyRules | null;
}
