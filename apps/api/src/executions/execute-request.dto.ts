import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiProperty, ApiPropertyOptional, ApiSchema, getSchemaPath } from '@nestjs/swagger';
import {
  type BatchRequest,
  DEFAULT_LIMITS,
  type ExecuteRequest,
  EXECUTION_MODES,
  type ExecutionMode,
  LIMITS,
  type ValidateRequest,
} from '@pycell/contracts';
import {
  Validate,
  type ValidationArguments,
  ValidatorConstraint,
  type ValidatorConstraintInterface,
} from 'class-validator';
import type { BodyBytes } from '../bodies/body-bytes';
import {
  IsLargeText,
  IsListOf,
  IsListOfUnparsedObjects,
  IsRecordOf,
  IsText,
  IsUnparsedObject,
  MayBeLeftOut,
} from '../bodies/body-fields.decorators';
import { shownValue } from '../bodies/json-words';
import { AreFiles, InputFileDto } from './input-file.dto';
import { RequestedLimitsDto } from './requested-limits.dto';

@ValidatorConstraint({ name: 'isMode' })
class IsMode implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return (EXECUTION_MODES as readonly unknown[]).includes(value);
  }

  defaultMessage({ value }: ValidationArguments): string {
    return `must be ${EXECUTION_MODES.map((mode) => `"${mode}"`).join(' or ')}, not ${shownValue(value)}`;
  }
}

/** Both requests have these. A class from which both inherit would cost each request a microsecond of validation. */
const IsScript = (): PropertyDecorator =>
  applyDecorators(
    ApiProperty({
      description: `Python source; in mode function it defines a top-level callable main(). At most MAX_SCRIPT_SIZE (default ${DEFAULT_LIMITS.maxScriptSize}) Unicode characters.`,
      example: 'def main(city, days=7):\n    return {"city": city, "days": days}',
    }),
    IsText(),
  );

const IsOptionalMode = (): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({
      enum: EXECUTION_MODES,
      default: 'function',
      description:
        'function: main() is called, and what it returns is the result. script: the text runs as a program, and the value of a last expression is the result.',
    }),
    MayBeLeftOut(),
    Validate(IsMode),
  );

const AreOptionalLimits = (): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({
      type: RequestedLimitsDto,
      description: 'What the caller chooses within the limits of the service, which GET / tells.',
    }),
    MayBeLeftOut(),
    IsRecordOf(() => RequestedLimitsDto),
  );

@ApiSchema({ name: 'ValidateRequest' })
export class ValidateRequestDto implements ValidateRequest {
  @IsScript()
  readonly script!: string;

  @IsOptionalMode()
  readonly mode?: ExecutionMode;
}

@ApiSchema({ name: 'ExecuteRequest' })
@ApiExtraModels(InputFileDto)
export class ExecuteRequestDto implements Partial<Record<keyof ExecuteRequest, unknown>> {
  @IsScript()
  readonly script!: string;

  @IsOptionalMode()
  readonly mode?: ExecutionMode;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: `Arguments of main() by name, or global names in mode script. Any JSON; digits of numbers and the order of keys reach Python as they are. At most MAX_INPUTS_BYTES (default ${LIMITS.maxInputsBytes.default}) bytes.`,
    example: { city: 'Oslo' },
  })
  @MayBeLeftOut()
  @IsUnparsedObject()
  readonly inputs?: BodyBytes;

  @ApiPropertyOptional({
    type: String,
    description: 'What the script finds on standard input, which is empty without it.',
    example: '',
  })
  @MayBeLeftOut()
  @IsLargeText()
  readonly stdin?: BodyBytes;

  @ApiPropertyOptional({
    type: 'array',
    maxItems: LIMITS.maxFiles.max,
    items: {
      allOf: [
        { $ref: getSchemaPath(InputFileDto) },
        { oneOf: [{ required: ['text'] }, { required: ['base64'] }] },
      ],
    },
    description: `Files that the script finds in its working directory. At most MAX_FILES (default ${LIMITS.maxFiles.default}); together with stdin they take at most TMP_SIZE_MB (default ${LIMITS.tmpSizeMb.default} MiB).`,
    example: [{ name: 'data/sales.csv', text: 'city,days\nOslo,7\n' }],
  })
  @MayBeLeftOut()
  @IsListOf(() => InputFileDto)
  @Validate(AreFiles)
  readonly files?: readonly InputFileDto[];

  @AreOptionalLimits()
  readonly limits?: RequestedLimitsDto;
}

@ApiSchema({ name: 'ExecuteBatchRequest' })
export class ExecuteBatchRequestDto implements Partial<Record<keyof BatchRequest, unknown>> {
  @IsScript()
  readonly script!: string;

  @IsOptionalMode()
  readonly mode?: ExecutionMode;

  @ApiProperty({
    type: 'array',
    minItems: 1,
    maxItems: LIMITS.maxBatch.max,
    items: { type: 'object', additionalProperties: true },
    description: `For each run its arguments of main() by name, or its global names in mode script. At most MAX_BATCH (default ${LIMITS.maxBatch.default}) of them, each of at most MAX_INPUTS_BYTES (default ${LIMITS.maxInputsBytes.default}) bytes.`,
    example: [{ city: 'Oslo' }, { city: 'Rome', days: 2 }],
  })
  @IsListOfUnparsedObjects()
  readonly inputs!: readonly BodyBytes[];

  @AreOptionalLimits()
  readonly limits?: RequestedLimitsDto;
}
