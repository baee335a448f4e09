import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { AsynchronousInfo } from '@pycell/contracts';

@ApiSchema({ name: 'AsynchronousInfo' })
export class AsynchronousInfoSchema implements AsynchronousInfo {
  @ApiProperty({
    enum: ['api', 'both'],
    description: 'What the process that answers does: api leaves them to workers, both runs them itself',
  })
  readonly role!: AsynchronousInfo['role'];

  @ApiProperty({
    description: 'Whether they outlive a restart of the service; false: they are kept in its memory',
  })
  readonly durable!: boolean;

  @ApiProperty({ example: 3_600, description: 'Seconds for which one is kept after its end: EXECUTION_TTL' })
  readonly keptSeconds!: number;

  @ApiProperty({ example: 1_000, description: 'How many may wait: MAX_QUEUED_EXECUTIONS' })
  readonly maxQueued!: number;

  @ApiProperty({
    description: 'What the requests of those that wait may hold together, bytes: MAX_QUEUED_MB',
  })
  readonly maxQueuedBytes!: number;

  @ApiProperty({
    description: 'What events and outcomes of those that have ended may hold together, bytes: MAX_KEPT_MB',
  })
  readonly maxKeptBytes!: number;
}
