import type { ExecutionLimits } from '@pycell/contracts';
import type { SandboxPaths } from '../host/installation';
import type { OnDemandKind } from '../protocol/messages';

/** The ways to make a jail; see JailProfile. */
export const JAIL_PROFILES = ['full', 'no-user-namespace', 'gvisor'] as const;

/**
 * What the jail is made of: all that Linux and nsjail offer; the same without a user namespace, where nobody may make one
 * and the service is root; or what there is of it inside gVisor, whose kernel is the wall there. Chosen by the operator,
 * never a fallback.
 */
export type JailProfile = (typeof JAIL_PROFILES)[number];

/** What an executor is made from. */
export interface ExecutorOptions {
  readonly build: 'local' | 'cloud';
  readonly limits: ExecutionLimits;
  /** Runs at once. */
  readonly maxConcurrency: number;
  /** A jail (in local mode: an interpreter) of its own for each run, instead of forks of warm zygotes. */
  readonly jailPerRun: boolean;
  /** Kinds of zygotes that are started at once instead of on first use. */
  readonly preload?: readonly OnDemandKind[] | undefined;
  readonly jailProfile: JailProfile;
  readonly paths: SandboxPaths;
}
