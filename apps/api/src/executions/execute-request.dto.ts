import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { DEFAULT_LIMITS, type ExecuteRequest } from '@pycell/contracts';
import { IsString, Validate, ValidatorConstraint, type ValidatorConstraintInterface } from 'class-validator';

/** Refuses strings with half of a surrogate pair: they have no UTF-8 form, so Python could not read them. */
@ValidatorConstraint({ name: 'isWellFormed' })
export class IsWellFormed implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return typeof value !== 'string' || value.isWellFormed();
  }

  defaultMessage(): string {
    return '$property must be valid Unicode: it holds an unpaired surrogate';
  }
}

@ApiSchema({ name: 'ExecuteRequest' })
export class ExecuteRequestDto implements Pick<ExecuteRequest, 'script'> {
  @ApiProperty({
    description: `Python source that defines a top-level callable main(). At most MAX_SCRIPT_SIZE (default ${DEFAULT_LIMITS.maxScriptSize}) Unicode characters.`,
    example: 'def main():\n    return {"message": "Hello"}',
  })
  @IsString()
  @Validate(IsWellFormed)
  readonly script!: string;
}
