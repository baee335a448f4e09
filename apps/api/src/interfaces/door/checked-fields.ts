import { Inject, Injectable, type Type } from '@nestjs/common';
import { readBody } from '../../bodies/read-body';
import { RequestBodyPipe } from '../../bodies/request-body.pipe';
import { Callers } from '../../callers/callers';
import type { Configuration } from '../../configuration/configuration';
import { CONFIGURATION } from '../../configuration/configuration.constants';
import type { ForeignClient } from './foreign-client';
import type { ForeignFailure } from './foreign-outcome';
import { failedOutcome } from './outcomes';

/** Reads JSON that came within a request by the rules of a class, as our own API reads its bodies. */
@Injectable()
export class CheckedFields {
  constructor(
    private readonly bodies: RequestBodyPipe,
    private readonly callers: Callers,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  /**
   * Returns what an object says, or what is wrong with it: a field that is not known or has another type, among others.
   * @param json one JSON object in UTF-8; it is changed, and cannot be read again
   * @param fields a class of which each field has a rule
   * @throws the reason of the client's signal, once the client has gone
   */
  async read<T extends object>(
    json: Buffer,
    fields: Type<T>,
    client: ForeignClient,
  ): Promise<T | ForeignFailure> {
    const { caller, signal } = client;
    const terms = this.callers.interfaceTermsOf(caller);
    const { maxInputsBytes, maxBatch } = this.configuration.sandbox.limits;
    const limits = { maxScriptSize: terms.limits.maxScriptSize, maxInputsBytes, maxBatch };
    try {
      const scanned = await readBody(json, fields, limits, () => signal.throwIfAborted());
      return (await this.bodies.validated(scanned, { type: 'body', metatype: fields }, terms)) as T;
    } catch (error) {
      const refused = failedOutcome(error);
      client.refused?.(refused.code);
      return refused;
    }
  }
}
