import type { ExecutionLimits, PackageInfo } from '@pycell/contracts';

/** Packages that are named: a model reads the list with every question. */
const MAX_PACKAGES = 60;

/** What a model has to know before it writes a script. */
export interface DescribedSandbox {
  readonly pythonVersion: string | null;
  readonly packages: readonly PackageInfo[];
  readonly limits: ExecutionLimits;
}

/** What a model reads of `run_python`. */
export function runPythonDescription(sandbox: DescribedSandbox): string {
  const { pythonVersion, limits } = sandbox;
  return [
    `Runs a Python${pythonVersion === null ? '' : ` ${pythonVersion}`} script in a sandbox. Returns the value of its last expression as JSON, what it printed, and matplotlib figures that it left open as images.`,
    'Every call starts anew: variables and files of earlier calls are gone. There is no network, and no other program can be started.',
    'Files can be written below /tmp only. The names of those in the folder output/ of the working directory are returned; print or return what you want to read.',
    limitsOf(limits),
    packagesOf(sandbox.packages),
  ].join('\n');
}

export function validatePythonDescription(): string {
  return 'Says what is wrong with a Python script without running it: syntax, what the service refuses, modules that are missing; and what its main() takes, as JSON Schema.';
}

function limitsOf(limits: ExecutionLimits): string {
  const { timeoutSeconds, memoryLimitMb, maxOutputBytes, maxResultBytes, maxScriptSize, maxArtifactBytes } =
    limits;
  return `Limits: ${timeoutSeconds} s, ${memoryLimitMb} MiB of memory, a script of ${maxScriptSize} characters, ${shownBytes(maxOutputBytes)} printed, a result of ${shownBytes(maxResultBytes)}, files and figures of ${shownBytes(maxArtifactBytes)}.`;
}

function packagesOf(packages: readonly PackageInfo[]): string {
  if (packages.length === 0) {
    return 'There is the standard library, and no other package.';
  }
  const named = packages.slice(0, MAX_PACKAGES).map(({ name, version }) => `${name} ${version}`);
  const more = packages.length - named.length;
  return `Packages besides the standard library: ${named.join(', ')}${more > 0 ? `, and ${more} more` : ''}.`;
}

function shownBytes(bytes: number): string {
  const [value, unit] = bytes >= 1024 * 1024 ? [bytes / (1024 * 1024), 'MiB'] : [bytes / 1024, 'KiB'];
  return `${Number(value.toFixed(1))} ${unit}`;
}
