import { Inject, Injectable } from '@nestjs/common';
import { SANDBOX_EXECUTOR, type SandboxExecutor, SandboxProbe } from '@pycell/sandbox';
import { Counter, Registry } from 'prom-client';
import { DrainState } from '../shutdown/drain-state';
import { readGauge } from './read-gauge';

/** Tells what the isolation self-test found, and has it made where nobody else asks for it. */
@Injectable()
export class SelfTestMetrics {
  constructor(
    registry: Registry,
    private readonly drain: DrainState,
    private readonly probe: SandboxProbe,
    @Inject(SANDBOX_EXECUTOR) executor: SandboxExecutor,
  ) {
    readGauge(
      registry,
      'pycell_self_test_passed',
      '1 where the latest isolation self-test has passed.',
      () => {
        this.haveMade();
        return Number(executor.latestSelfTest?.passed ?? false);
      },
    );
    readGauge(
      registry,
      'pycell_self_test_breached',
      '1 where a promise of the isolation was found broken. 0 with passed 0: the test could not be made.',
      () => Number(executor.latestSelfTest?.breached ?? false),
    );
    readGauge(
      registry,
      'pycell_self_test_timestamp_seconds',
      'When it was made, Unix time. Absent before the first.',
      () => {
        const at = executor.latestSelfTest?.at.getTime();
        return at === undefined ? undefined : at / 1000;
      },
    );
    new Counter({
      name: 'pycell_self_test_breaches_total',
      help: 'Self-tests that found a promise of the isolation broken, also where the jail was replaced since.',
      registers: [registry],
      collect() {
        this.reset();
        this.inc(executor.selfTestBreaches);
      },
    });
  }

  /** The next scrape tells what it finds: this one does not wait for it. A service that ends has nothing more to prove. */
  private haveMade(): void {
    if (!this.drain.draining) {
      void this.probe.check();
    }
  }
}
