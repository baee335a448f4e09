import { ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { LIMITS } from '@pycell/contracts';
import { Allow } from 'class-validator';
import { MayBeLeftOut } from '../bodies/body-fields.decorators';

/** Their ranges follow from the limits in force, which `ExecutionRequestPipe` knows. */
@ApiSchema({ name: 'RequestedLimits' })
export class RequestedLimitsDto {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: LIMITS.timeoutSeconds.max * 1000,
    description: `Wall time of the run, milliseconds; at most ${LIMITS.timeoutSeconds.variable}, which is the default.`,
    example: 2000,
  })
  @MayBeLeftOut()
  @Allow()
  readonly timeoutMs?: unknown;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: LIMITS.memoryLimitMb.min,
    maximum: LIMITS.memoryLimitMb.max,
    description: `Memory of the run, MiB; at least twice ${LIMITS.tmpSizeMb.variable} and at most ${LIMITS.memoryLimitMb.variable}, which is the default.`,
    example: 256,
  })
  @MayBeLeftOut()
  @Allow()
  readonly memoryMb?: unknown;
}
