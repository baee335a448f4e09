import { Inject, Injectable } from '@nestjs/common';
import { SANDBOX_EXECUTOR, type SandboxExecutor, SandboxService } from '@pycell/sandbox';
import { Counter, Gauge, Registry } from 'prom-client';
import type { Configuration } from '../configuration/configuration';
import { CONFIGURATION } from '../configuration/configuration.constants';
import { readVersion } from '../configuration/installation';
import { DrainState } from '../shutdown/drain-state';
import { readGauge } from './read-gauge';

/** Tells the state of queue and engine. It is looked at when somebody asks: nothing is kept for it. */
@Injectable()
export class EngineMetrics {
  constructor(
    private readonly registry: Registry,
    private readonly sandbox: SandboxService,
    private readonly drain: DrainState,
    @Inject(SANDBOX_EXECUTOR) private readonly executor: SandboxExecutor,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {
    this.describeQueue();
    this.describeJail();
    this.describeBuild();
  }

  private gauge(name: string, help: string, read: () => number | undefined): void {
    readGauge(this.registry, name, help, read);
  }

  private describeQueue(): void {
    const { maxConcurrency, maxQueue } = this.configuration.sandbox.admission;
    const { sandbox, drain } = this;
    this.gauge('pycell_places', 'Runs at once: MAX_CONCURRENCY.', () => maxConcurrency);
    this.gauge('pycell_places_held', 'Places that are held now.', () => sandbox.occupancy.running);
    this.gauge('pycell_queue_limit', 'Calls that may wait for a place: MAX_QUEUE.', () => maxQueue);
    this.gauge(
      'pycell_queue_depth',
      'Calls that wait for a place now.',
      () => sandbox.occupancy.waitingCalls,
    );
    this.gauge(
      'pycell_batch_claims_waiting',
      'Places that batches wait for now.',
      () => sandbox.occupancy.waitingBatches,
    );
    this.gauge('pycell_batches_open', 'Batches that are open now.', () => sandbox.occupancy.openBatches);
    this.gauge('pycell_draining', '1 from the moment at which the service is told to stop.', () =>
      Number(drain.draining),
    );
  }

  private describeJail(): void {
    const { executor, registry } = this;
    const ofKind = (name: string, help: string, read: (kind: KindState) => number): void => {
      new Gauge({
        name,
        help,
        labelNames: ['kind'],
        registers: [registry],
        collect() {
          for (const kind of executor.engine?.kinds ?? []) {
            this.set({ kind: kind.kind }, read(kind));
          }
        },
      });
    };
    ofKind(
      'pycell_spares',
      'Spares that are ready to take a script, by kind of zygote.',
      ({ spares }) => spares,
    );
    ofKind(
      'pycell_zygote_up',
      '1 while a zygote of this kind lives and scripts can have its spares. That of figures is there only while it is used.',
      ({ isOpen }) => Number(isOpen),
    );
    this.describeRestarts();
  }

  private describeRestarts(): void {
    const { executor } = this;
    const registers = [this.registry];
    new Counter({
      name: 'pycell_zygote_restarts_total',
      help: 'Zygotes that took the place of one that had died, in a jail that stayed. Planned renewals are not counted.',
      labelNames: ['kind'],
      registers,
      collect() {
        this.reset();
        for (const { kind, restarts } of executor.engine?.kinds ?? []) {
          this.inc({ kind }, restarts);
        }
      },
    });
    new Counter({
      name: 'pycell_jail_restarts_total',
      help: 'Jails that took the place of one that was lost.',
      registers,
      collect() {
        this.reset();
        this.inc(executor.engine?.jailRestarts ?? 0);
      },
    });
  }

  private describeBuild(): void {
    const { executor } = this;
    const { build } = this.configuration.sandbox;
    const version = readVersion();
    new Gauge({
      name: 'pycell_build_info',
      help: 'Always 1; the labels tell what is running.',
      labelNames: ['version', 'python', 'isolation', 'build'],
      registers: [this.registry],
      async collect() {
        const python = (await executor.describePython()).version ?? '';
        this.reset();
        this.set({ version, python, isolation: executor.isolation, build }, 1);
      },
    });
  }
}

type KindState = NonNullable<SandboxExecutor['engine']>['kinds'][number];
