import { createHash } from 'node:crypto';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { InterfaceClients } from '../door/interface-clients';
import { InterfaceExecutions } from '../door/interface-executions';
import { InterfaceSettings } from '../door/interface-settings';
import { LookFailed, NotNow, type ScriptTool, toolOf } from './script-tool';
import { findTools, type FolderEntry, readScript, ToolFault } from './tool-folder';

/** How often the folder is looked at: what is written there is in force within two of these. */
const INTERVAL_MS = 1_000;
/** Behind looks at a file that came to nothing: from the first of these to the last, twice as long each time. */
const FIRST_PAUSE_MS = 1_000;
const LAST_PAUSE_MS = 300_000;
/** For so long a request waits for what there is, while the service starts. */
const PATIENCE_MS = 8_000;
/** From then on, what there is by now is all: a sandbox that is busy all the time holds up no request for ever. */
const START_MS = 60_000;

/** What is known of one file. */
interface KnownFile {
  /** The file that was read last. */
  identity: string;
  /** Whether it has been read once more, so that what is written within one tick of the file system's clock is not missed. */
  isSettled: boolean;
  /** Of the script of which `tool` was made, or found none; null: it is to be looked at again. */
  digest: string | null;
  tool: ScriptTool | null;
  /** What the log was told last. */
  told: string | null;
  /** Looks in a row that came to nothing since it has changed. */
  failures: number;
  /** Not before this is it looked at again; milliseconds of `performance.now()`. */
  pausedUntil: number;
}

/** The scripts of a folder as tools, followed while the service runs. A script that is wrong is left out, and told once. */
@Injectable()
export class ScriptTools implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(ScriptTools.name);
  private readonly folder: string | null;
  private readonly files = new Map<string, KnownFile>();
  private readonly ending = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private isBusy = false;
  private toldOfFolder: string | null = null;
  private current: ReadonlyMap<string, ScriptTool> = new Map();
  private startTimer: NodeJS.Timeout | undefined;
  /** Whether each script of the folder has been looked at once. */
  private isRead = false;
  private hasPutOff = false;
  private readonly waiting = new Set<() => void>();

  constructor(
    { toolsFolder }: InterfaceSettings,
    private readonly executions: InterfaceExecutions,
    private readonly clients: InterfaceClients,
  ) {
    this.folder = toolsFolder;
    this.isRead = toolsFolder === null;
  }

  /** Those that there are now, by name. */
  get all(): ReadonlyMap<string, ScriptTool> {
    return this.current;
  }

  /**
   * Waits, some seconds at most, until each script of the folder has been looked at once: who asks while the service starts is not
   * told that there are few.
   * @returns whether that is so
   */
  async untilRead(): Promise<boolean> {
    if (!this.isRead) {
      await new Promise<void>((resolve) => {
        const go = (): void => {
          clearTimeout(timer);
          this.waiting.delete(go);
          resolve();
        };
        const timer = setTimeout(go, PATIENCE_MS).unref();
        this.waiting.add(go);
      });
    }
    return this.isRead;
  }

  private looked(): void {
    if (!this.hasPutOff) {
      this.allRead();
    }
  }

  private allRead(): void {
    this.isRead = true;
    for (const go of this.waiting) {
      go();
    }
  }

  onApplicationBootstrap(): void {
    if (this.folder !== null) {
      this.startTimer = setTimeout(() => this.allRead(), START_MS).unref();
      void this.look();
      this.timer = setInterval(() => void this.look(), INTERVAL_MS).unref();
    }
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
    clearTimeout(this.startTimer);
    this.allRead();
    this.ending.abort(new NotNow('the service ends'));
  }

  /** Looks at the folder once. Never rejects. */
  async look(): Promise<void> {
    // A file system over a network can take longer than that, and so do many scripts.
    if (this.isBusy || this.folder === null || this.ending.signal.aborted) {
      return;
    }
    this.isBusy = true;
    this.hasPutOff = false;
    try {
      await this.follow(this.folder);
      this.looked();
    } catch (error) {
      // A fault of ours: the next look tries again.
      this.logger.error({ err: error });
    } finally {
      this.isBusy = false;
    }
  }

  private async follow(folder: string): Promise<void> {
    const { entries, fault } = await findTools(folder);
    if (fault !== this.toldOfFolder) {
      this.toldOfFolder = fault;
      this.logger.warn(
        fault === null ? `MCP_TOOLS: ${folder} is read now` : `MCP_TOOLS: ${folder}: ${fault}`,
      );
    }
    const names = new Set(entries.map(({ name }) => name));
    for (const name of this.files.keys()) {
      if (!names.has(name)) {
        this.files.delete(name);
        this.publish();
      }
    }
    for (const entry of entries) {
      await this.followFile(entry);
    }
  }

  private async followFile(entry: FolderEntry): Promise<void> {
    const known = this.files.get(entry.name) ?? newFile();
    this.files.set(entry.name, known);
    const isSame = entry.identity === known.identity;
    if (isSame && (known.digest === null ? performance.now() < known.pausedUntil : known.isSettled)) {
      return;
    }
    known.failures = isSame ? known.failures : 0;
    known.isSettled = isSame;
    known.identity = entry.identity;
    try {
      await this.readFile(entry, known);
      known.failures = 0;
    } catch (error) {
      this.leaveOut(entry, known, error);
    }
  }

  /** What is wrong with one file is told of that one: those behind it are looked at all the same. */
  private leaveOut(entry: FolderEntry, known: KnownFile, error: unknown): void {
    if (error instanceof NotNow || this.ending.signal.aborted) {
      known.digest = null;
      this.hasPutOff = true;
      return;
    }
    known.tool = null;
    this.publish();
    if (error instanceof ToolFault) {
      this.tell(entry, known, error.message);
      return;
    }
    known.digest = null;
    const pause = Math.min(LAST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(known.failures, 20));
    known.pausedUntil = performance.now() + pause;
    known.failures++;
    if (known.failures > 1) {
      return;
    }
    const { path } = entry;
    if (error instanceof LookFailed) {
      this.logger.warn(
        `MCP_TOOLS: ${path} is left out: ${error.message}. It is looked at again, less and less often`,
      );
    } else {
      this.logger.error({ msg: `MCP_TOOLS: ${path} could not be looked at, and is tried again`, err: error });
    }
  }

  private async readFile(entry: FolderEntry, known: KnownFile): Promise<void> {
    if (entry.fault !== null) {
      known.digest = '';
      throw new ToolFault(entry.fault);
    }
    const script = await readScript(entry.path).catch((error: unknown) => {
      known.digest = '';
      throw error;
    });
    const digest = createHash('sha256').update(script).digest('hex');
    if (digest === known.digest) {
      return;
    }
    known.digest = digest;
    const client = this.clients.ofService('mcp-tools', this.ending.signal);
    known.tool = await toolOf(entry.name, script, this.executions, client, (message) =>
      this.logger.warn(`MCP_TOOLS: ${entry.path}: ${message}`),
    );
    known.told = null;
    this.publish();
  }

  private tell({ path }: FolderEntry, known: KnownFile, message: string): void {
    if (known.told !== message) {
      known.told = message;
      this.logger.warn(`MCP_TOOLS: ${path} is left out: ${message}. It is read again when it changes`);
    }
  }

  private publish(): void {
    const tools = [...this.files].flatMap(([name, { tool }]) => (tool ? [[name, tool] as const] : []));
    this.current = new Map(tools.sort(([one], [other]) => (one < other ? -1 : 1)));
  }
}

function newFile(): KnownFile {
  return {
    identity: '',
    isSettled: false,
    digest: null,
    tool: null,
    told: null,
    failures: 0,
    pausedUntil: 0,
  };
}
