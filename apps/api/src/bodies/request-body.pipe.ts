import {
  type ArgumentMetadata,
  Inject,
  Injectable,
  type Type,
  ValidationPipe,
  type ValidationError,
} from '@nestjs/common';
import { type CallerTerms, ExecutionCancelled, scriptTooLarge } from '@pycell/sandbox';
import type { Configuration } from '../configuration/configuration';
import { CONFIGURATION } from '../configuration/configuration.constants';
import { HeldBodies } from '../http/held-bodies';
import { RequestFailure } from '../http/request-failure';
import { notAnObject } from './body-failures';
import type { ScannedBody } from './scanned-body';
import type { ScanLimits } from './scan-limits';
import { shapeOf } from './body-shape';
import { isRecord } from './json-words';
import { readBody } from './read-body';
import { unknownField } from './unknown-field';

/** More of them say nothing new. */
const MAX_PROBLEMS = 5;

/**
 * Makes a DTO of the bytes of a request's body, by the rules of its class: its fields with the right types, and no other
 * fields. Throws a RequestFailure with INVALID_REQUEST that names the field.
 */
@Injectable()
export class RequestBodyPipe extends ValidationPipe {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    private readonly held: HeldBodies,
  ) {
    super({
      transform: true,
      exceptionFactory: failureOfErrors,
      // What comes from the scanner is made of DTO objects already: class-transformer would copy each byte.
      transformerPackage: { plainToInstance: (_dto, value) => value as never, classToPlain: unused },
    });
  }

  /**
   * @param value the body's bytes; undefined where there is no body
   * @param caller who sent it; left out, one that has all that the service gives
   */
  override async transform(
    value: unknown,
    metadata: ArgumentMetadata,
    caller?: CallerTerms,
  ): Promise<unknown> {
    if (!Buffer.isBuffer(value) || !metadata.metatype) {
      throw notAnObject();
    }
    const read = readBody(value, metadata.metatype as Type<object>, this.limitsFor(caller), () => {
      if (this.held.isGone(value)) {
        throw new ExecutionCancelled();
      }
    });
    return this.validated(read instanceof Promise ? await read : read, metadata, caller);
  }

  /** Those of the service, but for who may send longer scripts than everybody: through an interface of others. */
  private limitsFor(caller: CallerTerms | undefined): ScanLimits {
    const { limits } = this.configuration.sandbox;
    const maxScriptSize = caller?.limits.maxScriptSize ?? 0;
    return maxScriptSize > limits.maxScriptSize ? { ...limits, maxScriptSize } : limits;
  }

  /** The same, of a body that has been read. */
  async validated(
    { value, tooLong }: ScannedBody,
    metadata: ArgumentMetadata,
    caller?: CallerTerms,
  ): Promise<unknown> {
    if (!isRecord(value)) {
      throw notAnObject();
    }
    const instance = instanceOf(metadata.metatype as Type<object>, value, '');
    const result = (await super.transform(instance, metadata)) as unknown;
    if (tooLong?.path === 'script') {
      const { maxScriptSize } = this.configuration.sandbox.limits;
      const limit = caller?.limits.maxScriptSize ?? maxScriptSize;
      // As the service says it of those that are short enough to be given to it.
      throw scriptTooLarge(tooLong.characters, limit, maxScriptSize);
    }
    return result;
  }
}

function unused(): never {
  throw new Error('nothing is made of a DTO');
}

/** Makes objects of DTO classes from those of a body. */
function instanceOf(dto: Type<object>, plain: Readonly<Record<string, unknown>>, path: string): object {
  const shape = shapeOf(dto);
  const names = Object.keys(plain);
  const unknown = names.find((name) => !shape.has(name));
  if (unknown !== undefined) {
    const missing = [...shape].filter(([name, { isRequired }]) => isRequired && !Object.hasOwn(plain, name));
    throw unknownField(
      path,
      unknown,
      [...shape.keys()],
      missing.map(([name]) => name),
    );
  }
  const instance = new dto() as Record<string, unknown>;
  for (const name of names) {
    const at = path === '' ? name : `${path}.${name}`;
    const field = shape.get(name);
    const value = plain[name];
    if (field?.kind === 'object') {
      instance[name] = nested(field.dto(), value, at);
    } else if (field?.kind === 'list' && Array.isArray(value)) {
      instance[name] = value.map((element, index) => nested(field.dto(), element, `${at}[${index}]`));
    } else {
      instance[name] = value;
    }
  }
  return instance;
}

function nested(dto: Type<object>, value: unknown, path: string): unknown {
  return isRecord(value) ? instanceOf(dto, value, path) : value;
}

function failureOfErrors(errors: readonly ValidationError[]): RequestFailure {
  const problems = errors.flatMap((error) => problemsOf(error, error.property));
  const more = problems.length - MAX_PROBLEMS;
  const told = problems.slice(0, MAX_PROBLEMS).join('; ');
  return new RequestFailure('INVALID_REQUEST', more > 0 ? `${told}; and ${more} more` : told);
}

/** Returns one sentence for each thing that is wrong with a field, by the messages of its rules. */
function problemsOf({ constraints = {}, children = [] }: ValidationError, path: string): readonly string[] {
  // Those of a nested object have their own places.
  const messages = Object.entries(constraints).filter(([rule]) => rule !== 'nestedValidation');
  return [
    ...messages.map(([, message]) => `Field ${path}${message.startsWith('[') ? '' : ' '}${message}`),
    ...children.flatMap((child) => problemsOf(child, pathOf(path, child.property))),
  ];
}

function pathOf(parent: string, property: string): string {
  return /^\d+$/.test(property) ? `${parent}[${property}]` : `${parent}.${property}`;
}
