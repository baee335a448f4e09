import { ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import type { StartExecutionRequest } from '@pycell/contracts';
import { IsText, MayBeLeftOut } from '../bodies/body-fields.decorators';
import { ExecuteRequestDto } from '../executions/execute-request.dto';

@ApiSchema({ name: 'StartExecutionRequest' })
export class StartExecutionDto
  extends ExecuteRequestDto
  implements Partial<Record<keyof StartExecutionRequest, unknown>>
{
  @ApiPropertyOptional({
    type: String,
    maxLength: 2_048,
    description:
      'Where the service tells of its end, by a request that is signed (Standard Webhooks): https, on a host of CALLBACK_HOSTS. A service that names none takes no such field.',
    example: 'https://hooks.example.org/pycell',
  })
  @MayBeLeftOut()
  @IsText()
  readonly callbackUrl?: string;
}
