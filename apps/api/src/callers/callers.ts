import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import type { Configuration } from '../configuration/configuration';
import { CONFIGURATION } from '../configuration/configuration.constants';
import { accessOf, type Access } from './access';
import { callerIdOf, plainAddress } from './address';
import type { Caller } from './caller';
import { accessAt, doorOf, type ForeignDoor } from './foreign-door';
import { interfaceTerms } from './interface-terms';
import { KeyFault } from './key-fault';
import type { KnownKey } from './key-ring';
import { Keys } from './keys';
import { RefusedKeys } from './refused-keys';
import { foreignKeyOf, NO_KEY, sentKeyOf, SEVERAL_KEYS } from './sent-key';
import { TrustedProxies } from './trusted-proxies';

/** A request with what has been found of its caller. */
interface IdentifiedRequest extends IncomingMessage {
  caller?: Caller | KeyFault | undefined;
}

/** Tells who sent a request, by its key or its address, and refuses whom the service does not know. */
@Injectable()
export class Callers {
  private readonly proxies: TrustedProxies | null;
  private doors: readonly ForeignDoor[] = [];

  constructor(
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    private readonly keys: Keys,
    private readonly refused: RefusedKeys,
  ) {
    const { trustedProxies } = configuration.callers;
    this.proxies = trustedProxies.length > 0 ? new TrustedProxies(trustedProxies) : null;
  }

  /**
   * The station of a request at which its caller becomes known, before its body is read. A request without the key that it
   * needs ends here, and so does one with a wrong key, wherever it goes.
   */
  readonly identify = (request: Request, response: Response, next: NextFunction): void => {
    const identified = request as IdentifiedRequest;
    const found = (identified.caller ??= this.callerAt(request));
    if (found instanceof KeyFault) {
      this.refused.refuse(request, response, found, this.addressIdOf(request));
      return;
    }
    next();
  };

  /** Says how keys are named at the interfaces that are served. */
  open(doors: readonly ForeignDoor[]): void {
    this.doors = doors;
  }

  /** Returns the caller with what it has at an interface. */
  interfaceTermsOf(caller: Caller): Caller {
    const known = caller.key === null ? undefined : this.keys.named(caller.key);
    return interfaceTerms(caller, known);
  }

  /** Returns what somebody has of this process for whom another has accepted something at an interface. */
  termsAt(name: string, caller: Caller): Caller | KeyFault {
    // Whoever can write to where it was kept can have written the name: no more is to be had of it than operators serve.
    const isServed = this.configuration.interfaces.names.some((served) => served === name);
    return isServed ? this.interfaceTermsOf(caller) : KeyFault.ofInterface(name);
  }

  /** Names of the keys that may come; none where callers are told by their addresses. */
  get keyNames(): readonly string[] {
    return this.keys.names;
  }

  /** Whether the file of keys can be taken as it is now; null where there is none. */
  get isKeysFileValid(): boolean | null {
    return this.keys.isFileValid;
  }

  /**
   * Returns who sent a request to execute that has not come to its stations yet; null where it will be refused at ours, which
   * does not judge it again.
   */
  callerFrom(request: IncomingMessage): Caller | null {
    const found = this.judge(request, 'key');
    (request as IdentifiedRequest).caller = found;
    return found instanceof KeyFault ? null : found;
  }

  /**
   * Returns what somebody has of this process for whom another has accepted something: by the keys that are in force here.
   * @param owner the id of the caller
   * @param key the name of its key; null of one that is told by its address
   */
  callerOfOwner(owner: string, key: string | null): Caller | KeyFault {
    if (key === null) {
      // Who is told by its address may start nothing where keys are needed, whoever says that it has.
      return this.keys.areThere ? KeyFault.ofOwner(null, 'has no key') : this.callerOf(owner);
    }
    const known = this.keys.named(key);
    if (!known) {
      return KeyFault.ofOwner(key, 'is not known to what runs scripts');
    }
    if (known.disabled) {
      return KeyFault.disabled(known);
    }
    return isExpired(known) ? KeyFault.ofOwner(key, 'has expired') : known.caller;
  }

  private callerAt(request: Request): Caller | KeyFault {
    const door = doorOf(request, this.doors);
    return door ? this.judgeAt(door, request) : this.judge(request, this.accessOf(request));
  }

  private judgeAt(door: ForeignDoor, request: Request): Caller | KeyFault {
    if (!this.keys.areThere) {
      return this.callerByAddress(request);
    }
    const sent = foreignKeyOf(request, door.keyHeaders);
    if (sent === SEVERAL_KEYS) {
      return KeyFault.several;
    }
    if (sent !== NO_KEY) {
      return this.callerByKey(sent, request.socket);
    }
    if (accessAt(request, door) === 'open') {
      return this.callerByAddress(request);
    }
    return door.keyName === null
      ? KeyFault.missing
      : this.callerOfOwner(`key:${door.keyName}`, door.keyName);
  }

  /** @param access of a service that has keys; one without looks at none */
  private judge(request: IncomingMessage, access: Access): Caller | KeyFault {
    if (!this.keys.areThere || access === 'unasked') {
      return this.callerByAddress(request);
    }
    const sent = sentKeyOf(request);
    if (sent === NO_KEY) {
      return access === 'key' ? KeyFault.missing : this.callerByAddress(request);
    }
    return sent === SEVERAL_KEYS ? KeyFault.several : this.callerByKey(sent, request.socket);
  }

  private callerByKey(sent: string, connection: object): Caller | KeyFault {
    const known = this.keys.find(sent, connection);
    if (!known) {
      return KeyFault.unknown;
    }
    if (known.disabled) {
      return KeyFault.disabled(known);
    }
    return isExpired(known) ? KeyFault.expired(known) : known.caller;
  }

  private callerByAddress(request: IncomingMessage): Caller {
    return this.callerOf(this.addressIdOf(request));
  }

  /** Returns a caller that has all that the service gives. */
  private callerOf(id: string): Caller {
    const { limits, policyRules } = this.configuration.sandbox;
    return {
      id,
      key: null,
      maxPlaces: null,
      limits,
      policyRules,
      rate: null,
      version: 0,
    };
  }

  private addressIdOf({ socket, headers }: IncomingMessage): string {
    // Of a connection that is gone already there is none; its request is not answered.
    const address = socket.remoteAddress ?? '';
    if (!this.proxies) {
      return callerIdOf(address);
    }
    // Node joins several lines of this header by commas; no list of its type can come of it.
    const forwarded = headers['x-forwarded-for'] as string | undefined;
    return callerIdOf(this.proxies.addressBehind(plainAddress(address), forwarded));
  }

  private accessOf(request: Request): Access {
    return this.keys.areThere ? accessOf(request.method, request.path, this.configuration.callers) : 'open';
  }
}

function isExpired({ expiresAtMs }: KnownKey): boolean {
  return expiresAtMs !== null && Date.now() >= expiresAtMs;
}

/** Returns who sent a request; null of one that was refused by `Callers.identify`, or answered before. */
export function knownCallerOf(request: IncomingMessage): Caller | null {
  const { caller } = request as IdentifiedRequest;
  return caller === undefined || caller instanceof KeyFault ? null : caller;
}

/** Returns who sent a request that has passed `Callers.identify`. */
export function callerOf(request: IncomingMessage): Caller {
  const caller = knownCallerOf(request);
  if (!caller) {
    throw new Error('the caller of this request has not been asked for');
  }
  return caller;
}
