import { existsSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { PROTOCOL_VERSION } from '@pycell/contracts';
import { encodeFrame, FrameDecoder, FrameType, type Frame } from '../protocol/frames';
import { ZYGOTE_KINDS, type ZygoteKind } from '../protocol/messages';
import { decodeSections, encodeSections } from '../protocol/sections';
import { ControlChannel } from './control-channel';
import type { LaunchedRunner, RunnerCommand, RunnerExit } from '../launch/runner-launcher';

/** Runners for tests: they keep the protocol as far as a test does not make them break it. */

const MAX_PAYLOAD_BYTES = 16 * 1024 * 1024;

export type Payload = Buffer | string | object;

function frameOf(type: FrameType, run: number, payload: Payload): Buffer {
  const isRaw = Buffer.isBuffer(payload) || typeof payload === 'string';
  return encodeFrame(type, run, Buffer.from(isRaw ? payload : JSON.stringify(payload)));
}

/** Waits until what was done has been heard on both sides. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** What the supervisor says of a run's end. */
export function ended(status: string, more: object = {}): object {
  const measures = { runMs: 5, cpuMs: 4, peakResidentBytes: 3000 };
  return { status, exitCode: null, signal: null, ...measures, ...more };
}

/** The payload of OUTCOME for a result. */
export function returned(json: string): Buffer {
  return encodeSections({ status: 'OK' }, [['result', Buffer.from(json)]]);
}

/** The payload of OUTCOME for a failure. */
export function failed(status: string, message = ''): Buffer {
  return encodeSections({ status, message }, []);
}

function scriptOf(payload: Buffer): string {
  return String(decodeSections(payload, 'RUN payload', ['script'], payload.length).sections.get('script'));
}

/** The service's end of a connection. The test is the other end: it hears the frames and says some. */
export class ScriptedConnection extends Duplex {
  readonly heard: Frame[] = [];
  private readonly decoder = new FrameDecoder(MAX_PAYLOAD_BYTES);

  constructor(private readonly onFrame: (frame: Frame) => void = () => undefined) {
    super();
  }

  get heardTypes(): string[] {
    return this.heard.map(({ type }) => FrameType[type]);
  }

  /** Is heard before this returns. */
  say(type: FrameType, payload: Payload = '', run = 1): void {
    this.sayBytes(frameOf(type, run, payload));
  }

  sayBytes(bytes: Buffer): void {
    if (!this.destroyed) {
      this.emit('data', bytes);
    }
  }

  override _read(): void {
    // What is said is emitted, not read.
  }

  override _write(data: Buffer, _encoding: BufferEncoding, done: () => void): void {
    for (const frame of this.decoder.feed(data)) {
      this.heard.push(frame);
      this.onFrame(frame);
    }
    done();
  }
}

/** Returns a control channel whose other end is the test, and what it told of the supervisor. */
export function scriptedControl() {
  const stream = new ScriptedConnection();
  const told: unknown[] = [];
  const control = new ControlChannel(stream, {
    onHello: () => told.push('hello'),
    onZygote: (zygote) => told.push(zygote),
    onLost: (kind) => told.push(`lost: ${kind}`),
    onBroken: (cause) => told.push(`broken: ${cause}`),
  });
  return { control, stream, told };
}

/** A runner that does nothing by itself. */
export class ScriptedRunner implements LaunchedRunner {
  readonly pid = undefined;
  readonly control: ScriptedConnection;
  readonly connection: ScriptedConnection;
  readonly ended: Promise<RunnerExit>;
  killed = false;
  private end!: (exit: RunnerExit) => void;

  constructor(onFrame: (runner: ScriptedRunner, frame: Frame) => void = () => undefined) {
    this.ended = new Promise((resolve) => (this.end = resolve));
    this.control = new ScriptedConnection((frame) => onFrame(this, frame));
    this.connection = new ScriptedConnection((frame) => onFrame(this, frame));
  }

  exit(account = 'ended with status 0'): void {
    this.control.destroy();
    this.connection.destroy();
    this.end({ account });
  }

  kill(): void {
    this.killed = true;
    this.exit('ended by SIGKILL');
  }
}

/** What becomes of a script: the JSON of its result, a run without end, or the death of the runner under it. */
export type Fate = { readonly result: string } | 'runs on' | 'runner dies';

/** Returns a runner of one run that keeps the protocol. `fateOf` says what becomes of its script. */
export function runnerOfOneRun(fateOf: (script: string) => Fate): ScriptedRunner {
  const runner = new ScriptedRunner(({ control, connection }, { type, payload }) => {
    if (type === FrameType.Run) {
      const fate = fateOf(scriptOf(payload));
      if (fate === 'runner dies') {
        runner.exit('ended with status 255');
      } else if (fate !== 'runs on') {
        setImmediate(() => connection.say(FrameType.Outcome, returned(fate.result)));
      }
    } else if (type === FrameType.Finish || type === FrameType.Cancel) {
      setImmediate(() => {
        control.say(FrameType.Ended, ended(type === FrameType.Finish ? 'OK' : 'CANCELLED'));
        control.say(FrameType.Gone);
        setImmediate(() => runner.exit());
      });
    }
  });
  setImmediate(() => {
    runner.control.say(FrameType.Hello, { protocol: PROTOCOL_VERSION });
    runner.connection.say(FrameType.Ready, { residentBytes: 1000, cpuMs: 1 });
  });
  return runner;
}

export interface WarmRunnerBehaviour {
  fateOf(script: string): Fate;
  /** False: it never says HELLO, but exits. */
  readonly comesUp: boolean;
  /** What there is that only the zygote of figures loads. */
  readonly figures?: readonly string[];
  /** The zygotes of these kinds cannot be started: connections to them are closed. */
  readonly unstartable?: readonly ZygoteKind[];
}

/** A runner of many runs, with real sockets in the folder that its command names as working directory. */
export class ScriptedWarmRunner extends ScriptedRunner {
  /** How often a spare was asked to warm itself. */
  warmed = 0;
  /** The kind of each connection that was made, in order. */
  readonly connected: ZygoteKind[] = [];
  private readonly servers: Server[] = [];
  private readonly spares = new Map<number, Socket>();
  private latest = 0;

  constructor(
    private readonly command: RunnerCommand,
    private readonly behaviour: WarmRunnerBehaviour,
  ) {
    super((_runner, { type, run }) => this.obey(type, run));
    void this.comeUp();
  }

  /** Whether its folder is there. */
  get hasFolder(): boolean {
    return existsSync(this.command.cwd);
  }

  override exit(account?: string): void {
    for (const server of this.servers) {
      server.close();
    }
    for (const socket of this.spares.values()) {
      socket.destroy();
    }
    super.exit(account);
  }

  private async comeUp(): Promise<void> {
    if (!this.behaviour.comesUp) {
      setImmediate(() => this.exit('ended with status 1: it cannot'));
      return;
    }
    for (const kind of ZYGOTE_KINDS) {
      const server = createServer((socket) => {
        this.connected.push(kind);
        if (this.behaviour.unstartable?.includes(kind)) {
          socket.destroy();
        } else {
          this.fork(socket);
        }
      });
      this.servers.push(server);
      await new Promise<void>((resolve) => server.listen(join(this.command.cwd, kind), resolve));
    }
    this.control.say(FrameType.Hello, { protocol: PROTOCOL_VERSION });
    this.control.say(
      FrameType.Zygote,
      { kind: 'bare', modules: [], figures: this.behaviour.figures ?? [] },
      0,
    );
  }

  private fork(socket: Socket): void {
    const run = ++this.latest;
    const decoder = new FrameDecoder(MAX_PAYLOAD_BYTES);
    const sayReady = (): boolean =>
      socket.write(frameOf(FrameType.Ready, run, { residentBytes: 1, cpuMs: 1 }));
    this.spares.set(run, socket);
    // The service may end it at any time.
    socket.on('error', () => socket.destroy());
    socket.on('data', (data: Buffer) => {
      for (const { type, payload } of decoder.feed(data)) {
        if (type === FrameType.Warm) {
          this.warmed++;
          sayReady();
        } else {
          this.meet(socket, scriptOf(payload));
        }
      }
    });
    sayReady();
  }

  private meet(socket: Socket, script: string): void {
    const fate = this.behaviour.fateOf(script);
    if (fate === 'runner dies') {
      this.exit('ended with status 255');
    } else if (fate !== 'runs on') {
      socket.write(frameOf(FrameType.Outcome, 0, returned(fate.result)));
    }
  }

  private obey(type: FrameType, run: number): void {
    if (type === FrameType.Finish || type === FrameType.Cancel) {
      setImmediate(() => {
        this.control.say(FrameType.Ended, ended(type === FrameType.Finish ? 'OK' : 'CANCELLED'), run);
        this.control.say(FrameType.Gone, '', run);
      });
    }
  }
}
