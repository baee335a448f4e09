import { isUtf8 } from 'node:buffer';
import { Inject, Injectable, type Type } from '@nestjs/common';
import { countStructure, ExecutionCancelled } from '@pycell/sandbox';
import type { Request } from 'express';
import { notJson, notUtf8 } from '../../bodies/body-failures';
import { readBody } from '../../bodies/read-body';
import { callerOf, Callers } from '../../callers/callers';
import type { Configuration } from '../../configuration/configuration';
import { CONFIGURATION } from '../../configuration/configuration.constants';
import { HeldBodies } from '../../http/held-bodies';
import { RequestFailure } from '../../http/request-failure';

export { BodyBytes } from '../../bodies/body-bytes';
export {
  IsBase64Bytes,
  IsLargeText,
  IsListOf,
  IsRecordOf,
  IsText,
  IsUnparsedObject,
  MayBeLeftOut,
} from '../../bodies/body-fields.decorators';

/** Lists, objects and members that a body may have, where all of it is parsed. */
const MAX_STRUCTURE = 20_000;

/** Reads the bodies of requests that came to an interface. */
@Injectable()
export class ForeignBodies {
  constructor(
    private readonly callers: Callers,
    private readonly held: HeldBodies,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  /**
   * Returns what a body says, any JSON value, as JSON.parse reads it. In one go: bodies of interfaces are bounded for that.
   * @throws RequestFailure, which is answered in the form of the interface
   */
  parsed(request: Request): unknown {
    const body = bytesOf(request);
    if (!isUtf8(body)) {
      throw notUtf8();
    }
    if (countStructure(body, MAX_STRUCTURE) > MAX_STRUCTURE) {
      throw new RequestFailure(
        'INVALID_REQUEST',
        `Request body is not read: it has more than ${MAX_STRUCTURE} lists, objects and members`,
      );
    }
    try {
      return JSON.parse(body.toString('utf8').replace(/^\uFEFF/, '')) as unknown;
    } catch (error) {
      throw notJson((error as SyntaxError).message);
    }
  }

  /**
   * Returns the members of a body, read by the fields of a class whose decorators stand above: an unparsed object is the bytes
   * as they came, so that digits of numbers reach Python. Members that no field is for are there, without what they hold
   * where they are lists or objects. Nothing is validated but the JSON itself.
   * @throws RequestFailure
   */
  async members(request: Request, fields: Type<object>): Promise<Readonly<Record<string, unknown>>> {
    const body = bytesOf(request);
    const { limits } = this.callers.interfaceTermsOf(callerOf(request));
    const { maxInputsBytes, maxBatch } = this.configuration.sandbox.limits;
    // A script that is too long is told by the sandbox, in characters: text of base64 may be longer than what it stands for.
    const scanned = { maxScriptSize: 4 * limits.maxScriptSize, maxInputsBytes, maxBatch };
    const { value, tooLong } = await readBody(body, fields, scanned, () => {
      if (this.held.isGone(body)) {
        throw new ExecutionCancelled();
      }
    });
    if (tooLong) {
      throw new RequestFailure(
        'INVALID_REQUEST',
        `Field ${tooLong.path} has ${tooLong.characters} characters, which is more than any script may have here`,
      );
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new RequestFailure('INVALID_REQUEST', 'Request body must be a JSON object');
    }
    return value as Readonly<Record<string, unknown>>;
  }
}

function bytesOf({ body }: Request): Buffer {
  if (!Buffer.isBuffer(body)) {
    throw new RequestFailure('INVALID_REQUEST', 'Request body is missing, send it as JSON');
  }
  return body;
}
