import type { ExecutionLimits } from '@pycell/contracts';
import type { PolicyRules } from '@pycell/script-policy';
import type { AdmissionOptions } from './admission/admission-queue';

/** Where the programs and folders of the sandbox are. Absolute paths. */
export interface SandboxPaths {
  /** The interpreter of local mode. */
  readonly python: string;
  /** The packages that local mode offers to scripts. */
  readonly packages: string;
  /** The runner of local mode; in the jail it lies inside the sandbox root. */
  readonly runner: string;
  readonly nsjail: string;
  readonly nsjailConfig: string;
  /** The same for JAIL_PROFILE=gvisor. */
  readonly nsjailGvisorConfig: string;
  /** The jail's root folder. */
  readonly sandboxRoot: string;
}

/** The ways to make a jail; see JailProfile. */
export const JAIL_PROFILES = ['full', 'no-user-namespace', 'gvisor'] as const;

/**
 * What the jail is made of: all that Linux and nsjail offer; the same without a user namespace, where nobody may make one
 * and the service is root; or what there is of it inside gVisor, whose kernel is the wall there. Chosen by the operator,
 * never a fallback.
 */
export type JailProfile = (typeof JAIL_PROFILES)[number];

/** What the configuration hands to this library. */
export interface SandboxOptions {
  readonly build: 'local' | 'cloud';
  readonly limits: ExecutionLimits;
  readonly admission: AdmissionOptions;
  /** A jail (in local mode: an interpreter) of its own for each run, instead of forks of warm zygotes. */
  readonly jailPerRun: boolean;
  readonly jailProfile: JailProfile;
  /** `null`: the policy is off and the jail alone decides. */
  readonly policyRules: PolicyRules | null;
  readonly paths: SandboxPaths;
}
