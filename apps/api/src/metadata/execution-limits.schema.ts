import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { LIMIT_NAMES, LIMITS, type LimitDescription } from '@pycell/contracts';

/** What OpenAPI says of the limits in force; its properties come from the table of limits. */
@ApiSchema({ name: 'ExecutionLimits' })
export class ExecutionLimitsSchema {}

for (const name of LIMIT_NAMES) {
  const { meaning, unit, fraction, variable, default: example, min, max }: LimitDescription = LIMITS[name];
  const property = ApiProperty({
    type: fraction ? 'number' : 'integer',
    description: `${meaning}; ${unit}. Set by ${variable}.`,
    minimum: min,
    maximum: max,
    example,
  });
  property(ExecutionLimitsSchema.prototype, name);
}
