import { type ExecutionLimits, LIMITS } from '@pycell/contracts';
import { allowNames, DEFAULT_POLICY_RULES, type PolicyRules } from '@pycell/script-policy';
import type { SandboxOptions } from '@pycell/sandbox';
import type { Caller } from './caller';
import type { KeyEntry } from './keys-file';

/** What the service has for everybody. */
export type ServiceTerms = Pick<SandboxOptions, 'build' | 'limits' | 'policyRules'>;

/** Returns what is wrong with keys for a service that has these terms, a sentence for each. */
export function problemsOfTerms(entries: readonly KeyEntry[], service: ServiceTerms): string[] {
  return entries.flatMap((entry) => [
    ...limitProblems(entry, service.limits),
    ...(entry.policy === 'off' && service.build === 'local'
      ? [
          `key "${entry.name}": policy is "off", expected "enforce" with BUILD=local: there is no jail behind it`,
        ]
      : []),
  ]);
}

function limitProblems(entry: KeyEntry, limits: ExecutionLimits): string[] {
  const bounds = [
    ['timeoutMs', Math.round(limits.timeoutSeconds * 1000), LIMITS.timeoutSeconds.variable],
    ['memoryMb', limits.memoryLimitMb, LIMITS.memoryLimitMb.variable],
    ['scriptSize', limits.maxScriptSize, LIMITS.maxScriptSize.variable],
  ] as const;
  return bounds.flatMap(([field, max, variable]) => {
    const value = entry[field];
    return value !== null && value > max
      ? [`key "${entry.name}": ${field} is ${value}, expected at most ${max}, which is ${variable}`]
      : [];
  });
}

/**
 * Returns the caller that a key stands for, in a service for which it has no problems.
 * @param version counts how often the keys were read: of two terms of a caller the newer ones hold
 */
export function callerOfKey(entry: KeyEntry, service: ServiceTerms, version: number): Caller {
  const { name, rate, places, policy } = entry;
  return {
    id: `key:${name}`,
    key: name,
    maxPlaces: places,
    limits: limitsOf(entry, service.limits),
    policyRules: policy === null ? service.policyRules : rulesOf(policy),
    rate,
    version,
  };
}

/** The service's own object where the key has none of its own: who has that is served the ordinary way. */
function limitsOf({ timeoutMs, memoryMb, scriptSize }: KeyEntry, limits: ExecutionLimits): ExecutionLimits {
  if (timeoutMs === null && memoryMb === null && scriptSize === null) {
    return limits;
  }
  const memoryLimitMb = memoryMb ?? limits.memoryLimitMb;
  return {
    ...limits,
    timeoutSeconds: timeoutMs === null ? limits.timeoutSeconds : timeoutMs / 1000,
    memoryLimitMb,
    maxScriptSize: scriptSize ?? limits.maxScriptSize,
    // Files in /tmp take memory of the run, and must leave it some: as for the service's own limits.
    tmpSizeMb: Math.min(limits.tmpSizeMb, Math.floor(memoryLimitMb / 2)),
  };
}

/** A key's policy takes the place of the service's: names that SCRIPT_POLICY_ALLOW takes off the list are on it. */
function rulesOf(policy: NonNullable<KeyEntry['policy']>): PolicyRules | null {
  if (policy === 'off') {
    return null;
  }
  return policy === 'enforce' ? DEFAULT_POLICY_RULES : allowNames(DEFAULT_POLICY_RULES, policy.allow);
}
