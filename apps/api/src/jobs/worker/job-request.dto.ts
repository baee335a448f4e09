import { IsText, MayBeLeftOut } from '../../bodies/body-fields.decorators';
import { ExecuteRequestDto } from '../../executions/execute-request.dto';

/** The body of a job, as a worker reads it: that of an execution, and what its end is told to. */
export class JobRequestDto extends ExecuteRequestDto {
  /** Judged when the job was accepted, and again by what sends callbacks. */
  @MayBeLeftOut()
  @IsText()
  readonly callbackUrl?: string;
}
