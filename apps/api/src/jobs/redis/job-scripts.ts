import type { Redis } from 'ioredis';
import { ACCEPT } from './scripts/accept.script';
import { EXTENT } from './scripts/extent.script';
import {
  CANCEL,
  COUNTS,
  EVENTS,
  FIND,
  FIND_PENDING,
  LOAD,
  NOTE,
  OUTCOME,
  PENDING,
  SETTLED,
} from './scripts/other.scripts';
import { BEGIN, END, RENEW, TELL } from './scripts/run.scripts';
import { SWEEP } from './scripts/sweep.script';

const SCRIPTS = {
  accept: ACCEPT,
  begin: BEGIN,
  renew: RENEW,
  tell: TELL,
  end: END,
  cancel: CANCEL,
  sweep: SWEEP,
  find: FIND,
  load: LOAD,
  note: NOTE,
  outcome: OUTCOME,
  events: EVENTS,
  extent: EXTENT,
  counts: COUNTS,
  pending: PENDING,
  findPending: FIND_PENDING,
  settled: SETTLED,
} as const;

type ScriptName = keyof typeof SCRIPTS;
export type Argument = string | number | Buffer;
type Commands = Record<string, (...args: readonly Argument[]) => Promise<unknown>>;

/** Our scripts as commands: sent by their SHA-1, and as text where Redis does not know them. Answers are anything. */
export class JobScripts {
  private readonly commands: Commands;

  constructor(redis: Redis) {
    for (const [name, lua] of Object.entries(SCRIPTS)) {
      redis.defineCommand(`pycellJob:${name}`, { numberOfKeys: 0, lua });
    }
    this.commands = redis as unknown as Commands;
  }

  run(name: ScriptName, ...args: readonly Argument[]): Promise<unknown> {
    return this.call(`pycellJob:${name}`, args);
  }

  /** The same, with texts as bytes. */
  runForBytes(name: ScriptName, ...args: readonly Argument[]): Promise<unknown> {
    return this.call(`pycellJob:${name}Buffer`, args);
  }

  private call(command: string, args: readonly Argument[]): Promise<unknown> {
    const run = this.commands[command];
    return run ? run.apply(this.commands, [...args]) : Promise.reject(new Error('ERR no such script'));
  }
}
