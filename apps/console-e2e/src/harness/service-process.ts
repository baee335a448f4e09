import { INSTALLATION, ServiceProcess as Process } from '../../../../tools/services/service-process.cjs';

export { INSTALLATION };

export interface ServiceDescription {
  /** Relative to the installation. */
  readonly script: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Finds the address in what the service says when it listens. */
  readonly announcement: RegExp;
}

/** A server that listens on a free port of this machine. */
export class ServiceProcess {
  private constructor(
    private readonly process: Process,
    readonly url: string,
  ) {}

  /** @throws Error with what the service said when it does not come up in time */
  static async start({ announcement, ...description }: ServiceDescription): Promise<ServiceProcess> {
    const process = new Process(description);
    return new ServiceProcess(process, await process.announced(announcement));
  }

  /** Everything that the service wrote. */
  get log(): string {
    return this.process.log;
  }

  async stop(): Promise<void> {
    await this.process.stop();
  }
}
