import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { FIXED_LIMITS } from '@pycell/contracts';
import {
  Validate,
  type ValidationArguments,
  ValidatorConstraint,
  type ValidatorConstraintInterface,
} from 'class-validator';
import type { BodyBytes } from '../bodies/body-bytes';
import { IsBase64Bytes, IsLargeText, IsText, MayBeLeftOut } from '../bodies/body-fields.decorators';
import { isRecord } from '../bodies/json-words';
import { flawOfFileName, flawOfFileNames } from './file-name';

@ValidatorConstraint({ name: 'isFileName' })
class IsFileName implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    // What is no text has its message.
    return typeof value !== 'string' || !value.isWellFormed() || flawOfFileName(value) === null;
  }

  defaultMessage({ value }: ValidationArguments): string {
    return flawOfFileName(value as string) ?? '';
  }
}

/** Of a list of files: each has one content, and all can lie in one folder. */
@ValidatorConstraint({ name: 'areFiles' })
export class AreFiles implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return flawOfFiles(value) === null;
  }

  defaultMessage({ value }: ValidationArguments): string {
    return flawOfFiles(value) ?? '';
  }
}

function flawOfFiles(value: unknown): string | null {
  if (!Array.isArray(value) || !value.every(isRecord)) {
    return null;
  }
  const index = value.findIndex(({ text, base64 }) => (text === undefined) === (base64 === undefined));
  if (index >= 0) {
    return `[${index}] must have one of text and base64${value[index]?.['text'] === undefined ? '' : ', not both'}`;
  }
  const names = value.map(({ name }) => name);
  return names.every((name) => typeof name === 'string') ? flawOfFileNames(names) : null;
}

/** What OpenAPI says of a file: one content, not two. */
@ApiSchema({ name: 'InputFile' })
export class InputFileDto {
  @ApiProperty({
    description:
      `Where the file lies in the script's working directory: a relative path with /, at most ${FIXED_LIMITS.fileNameBytes} ` +
      `bytes of UTF-8 and ${FIXED_LIMITS.fileNameSteps} steps, without . and .. among them.`,
    minLength: 1,
    maxLength: FIXED_LIMITS.fileNameBytes,
    example: 'data/sales.csv',
  })
  @IsText()
  @Validate(IsFileName)
  readonly name!: string;

  @ApiPropertyOptional({
    type: String,
    description: 'The content as text; the file has it in UTF-8.',
    example: 'city,days\nOslo,7\n',
  })
  @MayBeLeftOut()
  @IsLargeText()
  readonly text?: BodyBytes;

  @ApiPropertyOptional({
    type: String,
    format: 'byte',
    description: 'The content as base64 (RFC 4648, with padding).',
    example: 'AAEC/w==',
  })
  @MayBeLeftOut()
  @IsBase64Bytes()
  readonly base64?: BodyBytes;
}
