import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const CHECKOUT = resolve(__dirname, '../../../..');
const TSC = require.resolve('typescript/bin/tsc');
const RUN_TIMEOUT_MS = 120_000;

const execute = promisify(execFile);

/** How a program ended, and what it said. */
export interface ProgramRun {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A project of somebody else: a folder outside of this checkout, with nothing in it but what is installed. */
export class EmptyProject {
  readonly folder = mkdtempSync(join(tmpdir(), 'pycell-project-'));

  constructor() {
    this.write('package.json', JSON.stringify({ private: true }));
    mkdirSync(join(this.folder, 'home'));
  }

  /** Packs a library of this checkout as it would be published. @returns the name of the file, and of those in it */
  async pack(library: string): Promise<{ readonly tarball: string; readonly files: readonly string[] }> {
    const { stdout } = await this.npm('pack', '--json', join(CHECKOUT, library));
    const [packed] = JSON.parse(stdout) as {
      readonly filename: string;
      readonly files: readonly { readonly path: string }[];
    }[];
    if (!packed) {
      throw new Error(`npm pack named no file:\n${stdout}`);
    }
    return { tarball: packed.filename, files: packed.files.map(({ path }) => path) };
  }

  /** Without a registry: whatever the package needed beside itself would be missing. */
  async install(tarball: string): Promise<void> {
    await this.npm('install', '--offline', '--no-audit', '--no-fund', `./${tarball}`);
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  /** Runs a file of the project. */
  node(file: string): Promise<ProgramRun> {
    return this.run(process.execPath, [file]);
  }

  /** Compiles a file into the folder `out`, strictly, and the types of what is installed with it. */
  tsc(file: string, options: readonly string[]): Promise<ProgramRun> {
    const strict = ['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess'];
    return this.run(process.execPath, [
      TSC,
      ...strict,
      '--target',
      'es2022',
      '--outDir',
      'out',
      ...options,
      file,
    ]);
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async npm(...args: readonly string[]): Promise<ProgramRun> {
    const ended = await this.run('npm', [...args, '--ignore-scripts']);
    if (ended.status !== 0) {
      throw new Error(`npm ${args.join(' ')} failed:\n${ended.stdout}${ended.stderr}`);
    }
    return ended;
  }

  /** With an environment of its own: no settings of whoever tests. */
  private async run(file: string, args: readonly string[]): Promise<ProgramRun> {
    const env = { PATH: process.env['PATH'] ?? '', HOME: join(this.folder, 'home') };
    try {
      const { stdout, stderr } = await execute(file, [...args], {
        cwd: this.folder,
        env,
        timeout: RUN_TIMEOUT_MS,
      });
      return { status: 0, stdout, stderr };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: unknown; stdout: string; stderr: string };
      if (typeof code !== 'number') {
        throw error;
      }
      return { status: code, stdout, stderr };
    }
  }
}
