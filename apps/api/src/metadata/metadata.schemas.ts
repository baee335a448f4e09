import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import {
  type CallerInfo,
  type EndpointInfo,
  type ExecuteRequest,
  type ExecutionLimits,
  ISOLATION_LEVELS,
  type IsolationLevel,
  type MetadataResponse,
  type ModulesResponse,
  type PackageInfo,
  type RateInfo,
  type SelfTestCheck,
  type SelfTestInfo,
  type ZygotesInfo,
} from '@pycell/contracts';
import { ExecuteRequestDto } from '../executions/execute-request.dto';
import { AsynchronousInfoSchema } from './asynchronous-info.schema';
import { ExecutionLimitsSchema } from './execution-limits.schema';

/** What OpenAPI says of `GET /`; `implements` keeps it in step with the contract. */
@ApiSchema({ name: 'PackageInfo' })
export class PackageInfoSchema implements PackageInfo {
  @ApiProperty({ example: 'pandas' })
  readonly name!: string;

  @ApiProperty({ example: '3.1.1' })
  readonly version!: string;
}

@ApiSchema({ name: 'PythonInfo' })
export class PythonInfoSchema {
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Version of the interpreter that runs the scripts; null where the sandbox is not set up',
    example: '3.13.5',
  })
  readonly version!: string | null;

  @ApiProperty({ type: [PackageInfoSchema] })
  readonly packages!: PackageInfoSchema[];
}

@ApiSchema({ name: 'ModulesResponse' })
export class ModulesResponseSchema implements ModulesResponse {
  @ApiProperty({
    type: [String],
    example: ['json', 'math', 'numpy', 'pandas'],
    description: 'Top-level modules that can be imported, those that the policy blocks included; sorted',
  })
  readonly modules!: string[];
}

@ApiSchema({ name: 'FeaturesInfo' })
export class FeaturesInfoSchema {
  @ApiProperty({
    description: 'Whether `files` are taken: not where runs can write nothing, as inside gVisor',
  })
  readonly files!: boolean;
}

@ApiSchema({ name: 'ScriptPolicyInfo' })
export class ScriptPolicyInfoSchema {
  @ApiProperty({ enum: ['enforce', 'off'] })
  readonly mode!: 'enforce' | 'off';

  @ApiProperty({ type: [String], description: 'Modules that a script may not import' })
  readonly blockedModules!: string[];

  @ApiProperty({ type: [String], description: 'Built-in functions that a script may not use' })
  readonly blockedNames!: string[];
}

@ApiSchema({ name: 'EndpointInfo' })
export class EndpointInfoSchema implements EndpointInfo {
  @ApiProperty({ enum: ['GET', 'POST', 'DELETE'] })
  readonly method!: 'GET' | 'POST' | 'DELETE';

  @ApiProperty({ example: '/execute' })
  readonly path!: string;

  @ApiProperty()
  readonly description!: string;
}

@ApiSchema({ name: 'UsageInfo' })
export class UsageInfoSchema {
  @ApiProperty()
  readonly description!: string;

  @ApiProperty({ enum: ['POST'] })
  readonly method!: 'POST';

  @ApiProperty({ example: '/execute' })
  readonly path!: string;

  @ApiProperty({ type: ExecuteRequestDto })
  readonly body!: ExecuteRequest;
}

@ApiSchema({ name: 'SelfTestCheck' })
export class SelfTestCheckSchema implements SelfTestCheck {
  @ApiProperty({ example: 'network' })
  readonly name!: string;

  @ApiProperty()
  readonly passed!: boolean;
}

@ApiSchema({ name: 'SelfTestInfo' })
export class SelfTestInfoSchema implements SelfTestInfo {
  @ApiProperty({ description: 'Scripts run only while the latest self-test has passed' })
  readonly passed!: boolean;

  @ApiProperty({
    type: String,
    nullable: true,
    format: 'date-time',
    description: 'When it ran; null before the first',
    example: '2026-11-28T21:15:34.000Z',
  })
  readonly at!: string | null;

  @ApiProperty({
    type: [SelfTestCheckSchema],
    description: 'What a script could see and do from inside',
  })
  readonly checks!: SelfTestCheckSchema[];
}

@ApiSchema({ name: 'ZygotesInfo' })
export class ZygotesInfoSchema implements ZygotesInfo {
  @ApiProperty({ description: 'Objects of a zygote are not counted by its forks: from Python 3.12 on' })
  readonly immortalObjects!: boolean;

  @ApiProperty({ description: 'Its memory is mapped from a file in memory: in the jail of Linux, on x86-64' })
  readonly memorySnapshot!: boolean;
}

@ApiSchema({ name: 'RateInfo' })
export class RateInfoSchema implements RateInfo {
  @ApiProperty({ type: 'integer', minimum: 1, example: 600 })
  readonly requests!: number;

  @ApiProperty({ type: 'integer', minimum: 1, example: 60 })
  readonly seconds!: number;
}

@ApiSchema({ name: 'CallerInfo' })
export class CallerInfoSchema implements CallerInfo {
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The name of the key that came with the request; null where none came',
    example: 'shop',
  })
  readonly key!: string | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    minimum: 1,
    description: 'Runs that the key may have at once; null: as many as the service gives to any',
    example: 2,
  })
  readonly places!: number | null;

  @ApiProperty({
    type: RateInfoSchema,
    nullable: true,
    description: 'Requests that the key may send in a time; null: none of its own',
  })
  readonly rate!: RateInfoSchema | null;
}

@ApiSchema({ name: 'MetadataResponse' })
export class MetadataResponseSchema implements MetadataResponse {
  @ApiProperty({ example: 'pycell' })
  readonly name!: string;

  @ApiProperty({ example: '0.1.0' })
  readonly version!: string;

  @ApiProperty({ enum: ['local', 'cloud'] })
  readonly environment!: 'local' | 'cloud';

  @ApiProperty({ enum: ISOLATION_LEVELS })
  readonly isolation!: IsolationLevel;

  @ApiProperty({
    type: [String],
    description: 'What that promises of each run, in sentences for people; empty for none',
  })
  readonly isolationPromises!: string[];

  @ApiProperty({ type: SelfTestInfoSchema })
  readonly selfTest!: SelfTestInfoSchema;

  @ApiProperty({
    type: ZygotesInfoSchema,
    nullable: true,
    description:
      'What makes runs cheap, and holds for every zygote; null before the first is ready, and where runs are no forks of zygotes',
  })
  readonly zygotes!: ZygotesInfoSchema | null;

  @ApiProperty({ type: PythonInfoSchema })
  readonly python!: PythonInfoSchema;

  @ApiProperty({ type: FeaturesInfoSchema, description: 'What runs may be sent besides their scripts' })
  readonly features!: FeaturesInfoSchema;

  @ApiProperty({
    type: ScriptPolicyInfoSchema,
    description: 'By what scripts are judged; that of the key, where one came with the request',
  })
  readonly scriptPolicy!: ScriptPolicyInfoSchema;

  @ApiProperty({
    type: ExecutionLimitsSchema,
    description: 'The limits in force; those of the key, where one came with the request',
  })
  readonly limits!: ExecutionLimits;

  @ApiPropertyOptional({ type: CallerInfoSchema, description: 'What is known of who asks' })
  readonly caller?: CallerInfoSchema;

  @ApiPropertyOptional({
    type: AsynchronousInfoSchema,
    description: 'What holds for asynchronous executions',
  })
  readonly asynchronous?: AsynchronousInfoSchema;

  @ApiProperty({ type: [EndpointInfoSchema] })
  readonly endpoints!: EndpointInfoSchema[];

  @ApiProperty({ type: UsageInfoSchema })
  readonly usage!: UsageInfoSchema;
}
