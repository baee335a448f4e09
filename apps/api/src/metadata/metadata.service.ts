import { Inject, Injectable } from '@nestjs/common';
import {
  API_PATHS,
  type AsynchronousInfo,
  type MetadataResponse,
  type ModulesResponse,
  type SelfTestInfo,
} from '@pycell/contracts';
import { SANDBOX_EXECUTOR, type SandboxExecutor } from '@pycell/sandbox';
import type { Caller } from '../callers/caller';
import type { Configuration } from '../configuration/configuration';
import { CONFIGURATION } from '../configuration/configuration.constants';
import { readVersion } from '../configuration/installation';
import { listedEndpoints } from '../http/endpoints';
import { ForeignForms } from '../http/foreign-forms';

/** Describes the service: versions, packages, limits, isolation, endpoints. */
@Injectable()
export class MetadataService {
  private readonly version = readVersion();

  constructor(
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    @Inject(SANDBOX_EXECUTOR) private readonly executor: SandboxExecutor,
    private readonly foreign: ForeignForms,
  ) {}

  async modules(): Promise<ModulesResponse> {
    const { modules } = await this.executor.describePython();
    return { modules };
  }

  /** Describes the service as it is for who asks. */
  async describe({ key, maxPlaces, rate, limits, policyRules }: Caller): Promise<MetadataResponse> {
    const { version, packages } = await this.executor.describePython();
    return {
      name: 'pycell',
      version: this.version,
      environment: this.configuration.sandbox.build,
      isolation: this.executor.isolation,
      isolationPromises: this.executor.promises,
      selfTest: this.describeSelfTest(),
      zygotes: this.executor.zygotes,
      python: { version, packages },
      features: { files: this.executor.takesFiles },
      scriptPolicy: {
        mode: policyRules ? 'enforce' : 'off',
        blockedModules: policyRules?.blockedModules ?? [],
        blockedNames: policyRules?.blockedNames ?? [],
      },
      limits,
      caller: { key, places: maxPlaces, rate: rate ?? this.configuration.rates.default },
      asynchronous: this.describeAsynchronous(),
      endpoints: listedEndpoints(this.configuration.callers.docsAccess !== 'off', this.foreign.endpoints),
      usage: {
        description:
          'Send a script that defines main(), and its arguments as inputs; its return value comes back as JSON, with what it printed and the files that it left in output/.',
        method: 'POST',
        path: API_PATHS.execute,
        body: { script: 'def main(name):\n    return {"message": f"Hello {name}"}', inputs: { name: 'Ada' } },
      },
    };
  }

  private describeAsynchronous(): AsynchronousInfo {
    const { jobs, redis } = this.configuration;
    return {
      role: jobs.role === 'api' ? 'api' : 'both',
      durable: redis !== null,
      keptSeconds: jobs.ttlSeconds,
      maxQueued: jobs.maxWaiting,
      maxQueuedBytes: jobs.maxWaitingBytes,
      maxKeptBytes: jobs.maxKeptBytes,
    };
  }

  private describeSelfTest(): SelfTestInfo {
    const latest = this.executor.latestSelfTest;
    return latest
      ? { passed: latest.passed, at: latest.at.toISOString(), checks: latest.checks }
      : { passed: false, at: null, checks: [] };
  }
}
