import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** The installation under test: this checkout, or what PYCELL_INSTALLATION names. */
export const INSTALLATION = resolve(process.env['PYCELL_INSTALLATION'] ?? resolve(__dirname, '../../../..'));

const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 20_000;

/** Variables of the caller that say where things are; no other variable reaches a service. */
const PASSED_ON = [
  'PATH',
  'HOME',
  'TMPDIR',
  'NSJAIL_PATH',
  'SANDBOX_ROOT',
  'PYTHON',
  'CONSOLE_FILES',
] as const;

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
    private readonly child: ChildProcess,
    private readonly exited: Promise<void>,
    readonly url: string,
    private readonly output: () => string,
  ) {}

  /** @throws Error with what the service said when it does not come up in time */
  static async start({ script, environment, announcement }: ServiceDescription): Promise<ServiceProcess> {
    const passedOn = PASSED_ON.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value] as const];
    });
    const child = spawn(process.execPath, [resolve(INSTALLATION, script)], {
      cwd: INSTALLATION,
      env: { ...Object.fromEntries(passedOn), ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (piece: string) => (text += piece));
    }
    const exited = new Promise<void>((settle) => child.once('close', () => settle()));
    // Should the test process itself end first, its services go with it.
    const endWithTests = (): void => void child.kill('SIGKILL');
    process.once('exit', endWithTests);
    void exited.then(() => process.off('exit', endWithTests));
    const deadline = Date.now() + START_TIMEOUT_MS;
    for (;;) {
      const url = announcement.exec(text)?.[1];
      if (url) return new ServiceProcess(child, exited, url, () => text);
      if (child.exitCode !== null || Date.now() > deadline) {
        child.kill('SIGKILL');
        throw new Error(`${script} did not start:\n${text}`);
      }
      await delay(20);
    }
  }

  /** Everything that the service wrote. */
  get log(): string {
    return this.output();
  }

  async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    const force = setTimeout(() => this.child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await this.exited;
    clearTimeout(force);
  }
}
