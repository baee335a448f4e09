import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { Artifact } from '@pycell/contracts';

/** What OpenAPI says of a file or a figure that a script left. */
@ApiSchema({ name: 'Artifact' })
export class ArtifactSchema implements Artifact {
  @ApiProperty({
    description: 'Relative path, safe to write below a folder of your own',
    example: 'figure-1.png',
  })
  readonly name!: string;

  @ApiProperty({ description: 'From a table by the extension of the name', example: 'image/png' })
  readonly mediaType!: string;

  @ApiProperty({ type: 'integer', minimum: 0, example: 18231 })
  readonly sizeBytes!: number;

  @ApiProperty({ format: 'byte', description: 'The content as base64', example: 'iVBORw0KGgo=' })
  readonly base64!: string;
}
