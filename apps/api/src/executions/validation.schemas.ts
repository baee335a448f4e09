import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type {
  MainDescription,
  MissingModule,
  ParametersSchema,
  ScriptSyntaxError,
  ValidateResponse,
} from '@pycell/contracts';
import { ScriptViolationSchema } from '../openapi/error-response.schema';

/** What OpenAPI says of the 200 of `POST /validate`; `implements` keeps it in step with the contract. */
@ApiSchema({ name: 'ScriptSyntaxError' })
export class ScriptSyntaxErrorSchema implements ScriptSyntaxError {
  @ApiProperty({ example: "SyntaxError: '(' was never closed (line 2, column 12)" })
  readonly error!: string;

  @ApiProperty({ type: 'integer', minimum: 1, required: false, description: '1-based line' })
  readonly line!: number;

  @ApiProperty({
    type: 'integer',
    minimum: 1,
    required: false,
    description: '1-based column, in code points',
  })
  readonly column!: number;

  @ApiProperty({ required: false, description: 'What to do' })
  readonly hint!: string;
}

@ApiSchema({ name: 'MissingModule' })
export class MissingModuleSchema implements MissingModule {
  @ApiProperty({ example: 'numppy' })
  readonly name!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The one that is meant, as far as can be told',
    example: 'numpy',
  })
  readonly nearest!: string | null;
}

@ApiSchema({ name: 'ScriptImports' })
export class ScriptImportsSchema {
  @ApiProperty({ type: [String], example: ['pandas'] })
  readonly known!: string[];

  @ApiProperty({ type: [MissingModuleSchema] })
  readonly missing!: MissingModuleSchema[];
}

@ApiSchema({ name: 'MainDescription' })
export class MainDescriptionSchema implements MainDescription {
  @ApiProperty({ description: 'Whether it is an `async def`' })
  readonly async!: boolean;

  @ApiProperty({ type: String, nullable: true, description: 'Its docstring' })
  readonly doc!: string | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description:
      'JSON Schema (2020-12) of the `inputs` of `POST /execute`, from annotations, defaults and docstring',
    example: {
      type: 'object',
      properties: { city: { type: 'string' }, days: { type: 'integer', default: 7 } },
      required: ['city'],
      additionalProperties: false,
    },
  })
  readonly parameters!: ParametersSchema;
}

@ApiSchema({ name: 'ValidateResponse' })
export class ValidateResponseSchema implements ValidateResponse {
  @ApiProperty({
    description:
      'No violation and no syntax error and, in mode function, a main(); missing modules show when it runs',
  })
  readonly valid!: boolean;

  @ApiProperty({
    type: [ScriptViolationSchema],
    description: 'What the script policy refuses, in source order',
  })
  readonly violations!: ScriptViolationSchema[];

  @ApiProperty({ type: ScriptSyntaxErrorSchema, nullable: true })
  readonly syntaxError!: ScriptSyntaxErrorSchema | null;

  @ApiProperty({ type: ScriptImportsSchema, description: 'Top-level names of the modules that are imported' })
  readonly imports!: ScriptImportsSchema;

  @ApiProperty({ type: MainDescriptionSchema, nullable: true, description: 'null where nothing defines it' })
  readonly main!: MainDescriptionSchema | null;
}
