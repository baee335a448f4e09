import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { type Configuration, ConfigurationError } from '../configuration/configuration';
import { FileWatch } from './file-watch';
import { KeyRing, type KnownKey } from './key-ring';
import type { KeyEntry } from './keys-file';
import { opennessOf } from './openness';
import { KeysReader, type ReadKeys } from './read-keys';

/** So many names are told in a line of the log. */
const TOLD_NAMES = 20;

/** The keys that are in force. They follow their file while the service runs. */
@Injectable()
export class Keys implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Keys');
  /** null: whoever reaches the service may use it. */
  private ring: KeyRing | null = null;
  private entries: readonly KeyEntry[] = [];
  /** How often keys were taken into use. */
  private version = 0;
  private watch: FileWatch | null = null;
  /** What was read when these keys were taken; another one where the file was wrong in between. */
  private taken: ReadKeys | null = null;
  /** What is wrong with the file as it is now, where the keys in force are of an earlier one. */
  private problem: string | null = null;

  private constructor(private readonly configuration: Configuration) {}

  /**
   * Reads the file, where there is one.
   * @throws ConfigurationError where the service cannot begin with it
   */
  static async open(configuration: Configuration): Promise<Keys> {
    const keys = new Keys(configuration);
    const { keysFile, requireApiKey } = configuration.callers;
    if (keysFile === null) {
      return keys;
    }
    const reader = new KeysReader(keysFile, configuration.sandbox);
    const read = await reader.read();
    const { entries, problems } = read;
    if (problems) {
      throw new ConfigurationError(problems);
    }
    if (entries.length === 0 && requireApiKey) {
      throw new ConfigurationError([
        `REQUIRE_API_KEY is "true", and ${keysFile} has no keys: "npm run keys -- add NAME" adds one`,
      ]);
    }
    const missing = Object.entries(configuration.interfaces.keys).filter(
      ([, name]) => !entries.some((entry) => entry.name === name),
    );
    if (missing.length > 0) {
      throw new ConfigurationError(
        missing.map(
          ([at, name]) => `INTERFACE_KEYS has ${at}=${name}, expected the name of a key in ${keysFile}`,
        ),
      );
    }
    await keys.use(entries);
    keys.taken = read;
    keys.watch = new FileWatch(keysFile, (isSettled) => keys.reload(reader, isSettled));
    return keys;
  }

  /** Whether the service has keys at all; what asks for one then needs it. */
  get areThere(): boolean {
    return this.ring !== null;
  }

  get names(): readonly string[] {
    return this.entries.map(({ name }) => name);
  }

  /** Whether the file can be taken as it is now; null where there is none. One that cannot leaves the keys as they were. */
  get isFileValid(): boolean | null {
    return this.watch ? this.problem === null : null;
  }

  /** Returns what is known of the key that a client sent on a connection; undefined where it is none of ours. */
  find(sent: string, connection: object): KnownKey | undefined {
    return this.ring?.find(sent, connection);
  }

  /** Returns what is known of the key of a name, for whoever was told by another process of ours whose it is. */
  named(name: string): KnownKey | undefined {
    return this.ring?.named(name);
  }

  onApplicationBootstrap(): void {
    const openness = opennessOf(this.configuration);
    if (openness?.isPublic) {
      this.logger.warn(openness.text);
    } else if (openness || this.areThere) {
      this.logger.log(openness?.text ?? { msg: 'keys in force', keys: this.entries.length });
    }
  }

  onApplicationShutdown(): void {
    this.watch?.close();
  }

  private async use(entries: readonly KeyEntry[]): Promise<void> {
    this.ring = await KeyRing.inSlices(entries, this.configuration.sandbox, ++this.version);
    this.entries = entries;
  }

  private async reload(reader: KeysReader, isSettled: boolean): Promise<void> {
    const read = await reader.read();
    const { entries, problems } = read;
    if (entries) {
      if (read !== this.taken) {
        await this.take(entries);
        this.taken = read;
      }
    } else if (isSettled) {
      // Else it may be half written. Told once for each thing that is wrong.
      const problem = problems.join('\n');
      if (problem !== this.problem) {
        this.problem = problem;
        this.logger.error({
          msg: `the keys in force stay: the file of keys is not valid`,
          problems: told(problems),
        });
      }
    }
  }

  private async take(entries: readonly KeyEntry[]): Promise<void> {
    const changes = changesBetween(this.entries, entries);
    if (changes) {
      await this.use(entries);
      this.logger.log({ msg: 'keys reloaded', keys: entries.length, ...changes });
    } else if (this.problem !== null) {
      this.logger.log({ msg: 'the file of keys is valid again', keys: entries.length });
    }
    this.problem = null;
    if (changes && entries.length === 0) {
      this.logger.warn({ msg: 'there are no keys: whatever needs one is refused' });
    }
  }
}

/** Returns the names of keys that came, went and changed; null where none did. */
function changesBetween(before: readonly KeyEntry[], after: readonly KeyEntry[]): object | null {
  const texts = new Map(before.map((entry) => [entry.name, JSON.stringify(entry)]));
  const names = new Set(after.map(({ name }) => name));
  const added = after.filter(({ name }) => !texts.has(name));
  const removed = before.filter(({ name }) => !names.has(name));
  const changed = after
    .filter((entry) => (texts.get(entry.name) ?? '') !== JSON.stringify(entry))
    .filter(({ name }) => texts.has(name));
  return added.length + removed.length + changed.length === 0
    ? null
    : { added: namesOf(added), removed: namesOf(removed), changed: namesOf(changed) };
}

function namesOf(entries: readonly KeyEntry[]): readonly string[] {
  return told(entries.map(({ name }) => name));
}

function told(texts: readonly string[]): readonly string[] {
  const more = texts.length - TOLD_NAMES;
  return more > 0 ? [...texts.slice(0, TOLD_NAMES), `and ${more} more`] : texts;
}
