import { type ChildProcess, spawn } from 'node:child_process';
import { type Duplex, PassThrough, type Readable } from 'node:stream';

/** How to start a runner. The environment is always empty and no shell takes part. */
export interface RunnerCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
}

/** The descriptor under which the started program finds its connection to the service. */
export const CONNECTION_DESCRIPTOR = 3;

/** A started runner. */
export interface LaunchedRunner {
  /** Carries frames both ways. */
  readonly connection: Duplex;
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
  const child = spawn(command.file, command.args, {
    cwd: command.cwd,
    env: {},
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  // Without a free descriptor Node emits `error` and makes no streams at all.
  const streams = child.stdio as ChildProcess['stdio'] | undefined;
  const connection = (streams?.[CONNECTION_DESCRIPTOR] as Duplex | undefined) ?? new PassThrough();
  const diagnostics = collectTail((child.stderr as Readable | undefined) ?? new PassThrough());
  // A reset connection is the runner's end, and that is told by `ended`.
  connection.on('error', () => connection.destroy());
  return {
    connection,
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
