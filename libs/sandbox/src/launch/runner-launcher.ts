import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { type Duplex, PassThrough, type Readable } from 'node:stream';
import { startSoonerToGo } from './oom-score';

/** How to start a runner. The environment is always empty and no shell takes part. */
export interface RunnerCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** A folder that the program gets as an open descriptor, where it cannot be mounted for it. */
  readonly folder?: string;
  /** Hears what the runner itself says on stderr, as it comes: no script can write there. */
  readonly onDiagnostic?: (text: string) => void;
}

/** Where the started program finds its control connection, and with `--once` the connection of its run. */
export const CONTROL_DESCRIPTOR = 3;
export const CONNECTION_DESCRIPTOR = 4;
/** Where it finds the folder that it is given, if any. */
export const FOLDER_DESCRIPTOR = 5;

/** A started runner. */
export interface LaunchedRunner {
  /** Carries frames to and from the supervisor. */
  readonly control: Duplex;
  /** Carries frames to and from the only run of `--once`. */
  readonly connection: Duplex;
  readonly pid: number | undefined;
  /** Settles when the program has ended (or could not be started) and everything it wrote was read. Never rejects. */
  readonly ended: Promise<RunnerExit>;
  /** Ends the program and its process group at once. */
  kill(): void;
}

export interface RunnerExit {
  /** What went wrong, for the log: why it could not be started, or how it ended and what it last said on stderr. */
  readonly account: string;
}

/** Starts runners. The one seam at which tests replace the operating system. */
export type RunnerLauncher = (command: RunnerCommand) => LaunchedRunner;

/** How much of a runner's own stderr is kept: the reason is in its last words. */
const DIAGNOSTICS_CHARACTERS = 4096;

/** Starts a real process in a process group of its own. */
export const launchRunner: RunnerLauncher = (command) => {
  const folder = command.folder === undefined ? [] : [openSync(command.folder, 'r')];
  const child = startSoonerToGo(() =>
    spawn(command.file, command.args, {
      cwd: command.cwd,
      env: {},
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe', ...folder],
    }),
  );
  folder.forEach(closeSync);
  // Without a free descriptor Node emits `error` and makes no streams at all.
  const streams = child.stdio as ChildProcess['stdio'] | undefined;
  const socketAt = (descriptor: number): Duplex => {
    const stream = (streams?.[descriptor] as Duplex | undefined) ?? new PassThrough();
    // A reset connection is the runner's end, and that is told by `ended`.
    stream.on('error', () => stream.destroy());
    return stream;
  };
  const stderr = (child.stderr as Readable | undefined) ?? new PassThrough();
  const diagnostics = collectTail(stderr);
  if (command.onDiagnostic) {
    stderr.on('data', command.onDiagnostic);
  }
  return {
    control: socketAt(CONTROL_DESCRIPTOR),
    connection: socketAt(CONNECTION_DESCRIPTOR),
    pid: child.pid,
    ended: waitForEnd(child, diagnostics),
    kill: () => killGroup(child),
  };
};

function waitForEnd(child: ChildProcess, diagnostics: () => string): Promise<RunnerExit> {
  return new Promise((resolve) => {
    child.once('error', (error) =>
      resolve({ account: `${child.spawnfile} cannot be started (${error.message})` }),
    );
    child.once('close', (code, signal) => {
      const how = signal ? `ended by ${signal}` : `ended with status ${code}`;
      resolve({ account: [how, diagnostics()].filter(Boolean).join(': ') });
    });
  });
}

function collectTail(stream: Readable): () => string {
  let tail = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    tail = (tail + text).slice(-DIAGNOSTICS_CHARACTERS);
  });
  return () => tail.trim();
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    // The group ended between the check and the signal: nothing is left to kill.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') {
      throw error;
    }
  }
}
