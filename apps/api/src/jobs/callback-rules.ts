import { isIP } from 'node:net';
import type { CallbackHost } from '../configuration/callback-options';

/** Where a callback goes, of a URL that has been judged. */
export interface CallbackTarget {
  /** A name in lower case, in ASCII, without a dot at its end; never an address. */
  readonly host: string;
  readonly port: number;
  /** With the query. */
  readonly path: string;
}

const MOST_CHARACTERS = 2_048;

/**
 * Which URLs executions may be told to. The same rules hold where an execution is accepted and where its callback is sent:
 * what lies between could have been written by somebody else. What a name resolves to is judged when it is sent.
 */
export class CallbackRules {
  constructor(private readonly hosts: readonly CallbackHost[]) {}

  /** Returns what a URL must be and is not, null where it is right. It is what a message says of the field. */
  problemOf(text: string): string | null {
    if (this.hosts.length === 0) {
      return 'cannot be used: this service sends no callbacks (CALLBACK_HOSTS). Ask for the execution by its id instead';
    }
    const target = readTarget(text);
    if (typeof target === 'string') {
      return target;
    }
    if (this.isAllowed(target)) {
      return null;
    }
    const port = target.port === 443 ? '' : ` at port ${target.port}`;
    return `names the host "${target.host}"${port}, which this service sends no callbacks to: use one that it does, or ask who runs it to add it to CALLBACK_HOSTS`;
  }

  /** Null where `problemOf` has something to say. */
  targetOf(text: string): CallbackTarget | null {
    const target = readTarget(text);
    return typeof target !== 'string' && this.isAllowed(target) ? target : null;
  }

  private isAllowed({ host, port }: CallbackTarget): boolean {
    return this.hosts.some(
      (allowed) =>
        allowed.port === port &&
        (allowed.isBelow ? host.endsWith(`.${allowed.name}`) : host === allowed.name),
    );
  }
}

/** Returns where a URL leads, or what it must be instead. */
function readTarget(text: string): CallbackTarget | string {
  if (text.length > MOST_CHARACTERS) {
    return `must have at most ${MOST_CHARACTERS} characters, this one has ${text.length}`;
  }
  // What a parser mends or drops, another one may read as something else.
  if (/[\p{Cc}\p{Cf}\p{Z}\\]/u.test(text)) {
    return 'must have no spaces, backslashes, or characters that are not seen: write them as %20 and so on';
  }
  if (!/^https:\/\/[^/?#]/i.test(text) || !URL.canParse(text)) {
    return 'must be an https URL such as "https://hooks.example.org/pycell"';
  }
  const url = new URL(text);
  if (/^https:\/\/[^/?#]*@/i.test(text)) {
    return 'must have no user and no password before the host: put what the receiver asks for into its path or query';
  }
  if (text.includes('#')) {
    return 'must have no fragment: leave away "#" and what is behind it';
  }
  const host = url.hostname.replace(/\.$/, '');
  // An address in any spelling, such as 0x7f.1 or 2130706433, has become its usual form here.
  if (isIP(host.replace(/^\[(.*)\]$/, '$1')) !== 0 || host === '' || host.endsWith('.')) {
    return `must name its host: "${host}" is an address, or no name`;
  }
  return { host, port: url.port === '' ? 443 : Number(url.port), path: `${url.pathname}${url.search}` };
}
