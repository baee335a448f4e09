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

/** Lists, objects and members that a body may have. */
const MAX_STRUCTURE = 20_000;
/** Up to here a body is parsed in one go, which takes less than a millisecond. */
const PARSED_BYTES = 64 * 1024;
/** What becomes of a small body, in its own size: its texts at two bytes a character, and as bytes once more. */
const PARSED_COST = 3;

/** Reads the bodies of requests that came to an interface. */
@Injectable()
export class ForeignBodies {
  constructor(
    private readonly callers: Callers,
    private readonly held: HeldBodies,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  /**
   * Returns what a body says, any JSON value. A small one is parsed. A larger one is read in slices by the fields of a class whose
   * decorators stand above: its large texts are `BodyBytes`, which lie in the body itself; lists and objects that no field is for
   * are empty, and a member that is sent twice is refused.
   * @param parse how a small one is, with what JSON.parse throws
   * @throws RequestFailure, which is answered in the form of the interface
   */
  async value(
    request: Request,
    fields: Type<object>,
    parse: (json: string) => unknown = JSON.parse,
  ): Promise<unknown> {
    const body = bytesOf(request);
    if (body.length > PARSED_BYTES) {
      return this.scanned(request, body, fields, MAX_STRUCTURE);
    }
    this.held.holdMore(request, PARSED_COST * body.length);
    return parsed(body, parse);
  }

  /** Says that so many bytes more are held for a request than its body, until it is answered. */
  holdMore(request: Request, bytes: number): void {
    this.held.holdMore(request, bytes);
  }

  /**
   * Returns the members of a body, read by the fields of a class whose decorators stand above: an unparsed object is the bytes
   * as they came, so that digits of numbers reach Python. Members that no field is for are there, without what they hold
   * where they are lists or objects. Nothing is validated but the JSON itself.
   * @throws RequestFailure
   */
  async members(request: Request, fields: Type<object>): Promise<Readonly<Record<string, unknown>>> {
    const value = await this.scanned(request, bytesOf(request), fields);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new RequestFailure('INVALID_REQUEST', 'Request body must be a JSON object');
    }
    return value as Readonly<Record<string, unknown>>;
  }

  private async scanned(
    request: Request,
    body: Buffer,
    fields: Type<object>,
    maxStructure?: number,
  ): Promise<unknown> {
    const { limits } = this.callers.interfaceTermsOf(callerOf(request));
    const isLarge = body.length > PARSED_BYTES;
    const { maxInputsBytes, maxBatch } = this.configuration.sandbox.limits;
    const bounds = {
      // A script that is too long is told by the sandbox, in characters: text of base64 may be longer than what it stands for.
      maxScriptSize: 4 * limits.maxScriptSize,
      maxInputsBytes,
      maxBatch,
      ...(maxStructure !== undefined && { maxStructure }),
      ...(isLarge && { hold: (bytes: number) => this.held.holdMore(request, bytes) }),
    };
    if (!isLarge) {
      this.held.holdMore(request, PARSED_COST * body.length);
    }
    const { value, tooLong } = await readBody(body, fields, bounds, () => {
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
    return value;
  }
}

function parsed(body: Buffer, parse: (json: string) => unknown): unknown {
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
    return parse(body.toString('utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    throw notJson((error as SyntaxError).message);
  }
}

function bytesOf({ body }: Request): Buffer {
  if (!Buffer.isBuffer(body)) {
    throw new RequestFailure('INVALID_REQUEST', 'Request body is missing, send it as JSON');
  }
  return body;
}
