import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import type { Configuration } from '../configuration/configuration';
import { CONFIGURATION } from '../configuration/configuration.constants';
import { addressOf } from './address';
import type { Caller } from './caller';

/** A request whose caller is known. */
interface IdentifiedRequest extends IncomingMessage {
  caller?: Caller;
}

/** Tells who sent a request. */
@Injectable()
export class Callers {
  constructor(@Inject(CONFIGURATION) private readonly configuration: Configuration) {}

  /** The station of a request at which its caller becomes known, before its body is read. */
  readonly identify = (request: Request, _response: Response, next: NextFunction): void => {
    (request as IdentifiedRequest).caller = this.callerFrom(request);
    next();
  };

  /** Names of the keys that may come; none where callers are told by their addresses. */
  get keyNames(): readonly string[] {
    return [];
  }

  /** Returns who sent a request, by its address. */
  callerFrom(request: IncomingMessage): Caller {
    const { limits, policyRules } = this.configuration.sandbox;
    return { id: addressOf(request), key: null, maxPlaces: null, limits, policyRules };
  }
}

/** Returns who sent a request; null of one that was answered before `Callers.identify`. */
export function knownCallerOf(request: IncomingMessage): Caller | null {
  return (request as IdentifiedRequest).caller ?? null;
}

/** Returns who sent a request that has passed `Callers.identify`. */
export function callerOf(request: IncomingMessage): Caller {
  const { caller } = request as IdentifiedRequest;
  if (!caller) {
    throw new Error('the caller of this request has not been asked for');
  }
  return caller;
}
