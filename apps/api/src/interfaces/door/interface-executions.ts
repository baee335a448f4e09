import { Inject, Injectable } from '@nestjs/common';
import {
  type ExecutionLimits,
  type ExecutionMode,
  type LimitRange,
  requestedLimitRanges,
  type ValidateResponse,
} from '@pycell/contracts';
import {
  type Client,
  type ExecutionRequest,
  type PythonDescription,
  SANDBOX_EXECUTOR,
  type SandboxExecutor,
  SandboxService,
} from '@pycell/sandbox';
import { Callers } from '../../callers/callers';
import type { InterfaceName } from '../../configuration/interfaces-options';
import type { ForeignClient } from './foreign-client';
import type { ForeignFailure, ForeignOutcome } from './foreign-outcome';
import type { ForeignRequest } from './foreign-request';
import { completedOutcome, failedOutcome } from './outcomes';
import { checkedRequest } from './checked-request';

/** A description of a script, or why there is none. */
export type ForeignValidation =
  { readonly kind: 'described'; readonly description: ValidateResponse } | ForeignFailure;

/** The only way from an interface to an execution: on the terms of interfaces, with an outcome for whatever comes of it. */
@Injectable()
export class InterfaceExecutions {
  private described: PythonDescription | null = null;

  constructor(
    private readonly sandbox: SandboxService,
    private readonly callers: Callers,
    @Inject(SANDBOX_EXECUTOR) private readonly executor: SandboxExecutor,
  ) {}

  /**
   * Executes one script.
   * @throws ExecutionCancelled when the client has gone: leave it to the filter, nobody is left to tell
   */
  async execute(
    request: ForeignRequest,
    client: ForeignClient,
    name: InterfaceName,
  ): Promise<ForeignOutcome> {
    const { trace } = client;
    trace?.asked(request.mode);
    const outcome = await this.outcomeOf(request, client, name);
    trace?.ended(outcome.kind === 'completed' ? 'OK' : outcome.code, outcome.execution);
    return outcome;
  }

  /** Describes one script; nothing of it is executed. @throws as `execute` */
  async validate(
    script: string,
    mode: ExecutionMode,
    client: ForeignClient,
    name: InterfaceName,
  ): Promise<ForeignValidation> {
    try {
      const described = await this.sandbox.validate({ script, mode }, this.clientOf(client), {
        interface: name,
      });
      return { kind: 'described', description: described };
    } catch (error) {
      return failedOutcome(error);
    }
  }

  /** What holds for the scripts of a client at an interface. */
  limitsOf({ caller }: ForeignClient): ExecutionLimits {
    return this.callers.interfaceTermsOf(caller).limits;
  }

  /** What `limits` of its requests may hold. */
  rangesOf(client: ForeignClient): { readonly timeoutMs: LimitRange; readonly memoryMb: LimitRange } {
    return requestedLimitRanges(this.limitsOf(client));
  }

  /** Whether the scripts of a client are judged by a policy: that of its key. What is put in front of them would be, too. */
  isJudged({ caller }: ForeignClient): boolean {
    return this.callers.interfaceTermsOf(caller).policyRules !== null;
  }

  /** Whether runs can be sent files: not where they can write none. */
  get takesFiles(): boolean {
    return this.executor.takesFiles;
  }

  /** What scripts run on: the version of Python, its packages, and modules. */
  async python(): Promise<PythonDescription> {
    // Read from a file, and the same for as long as the service runs once it is known.
    if (this.described?.version == null) {
      this.described = await this.executor.describePython();
    }
    return this.described;
  }

  private async outcomeOf(
    request: ForeignRequest,
    foreign: ForeignClient,
    name: InterfaceName,
  ): Promise<ForeignOutcome> {
    const client = this.clientOf(foreign);
    let checked: ExecutionRequest;
    try {
      checked = checkedRequest(request, client.caller.limits, name);
    } catch (error) {
      const refused = failedOutcome(error);
      foreign.refused?.(refused.code);
      return refused;
    }
    try {
      foreign.executed?.();
      return completedOutcome(await this.sandbox.execute(checked, client, { interface: name }));
    } catch (error) {
      return failedOutcome(error);
    }
  }

  private clientOf({ caller, signal }: ForeignClient): Client {
    return { caller: this.callers.interfaceTermsOf(caller), signal };
  }
}
