import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { API_PATHS, type MetadataResponse } from '@pycell/contracts';
import { ApiHostCheck } from '../openapi/api-errors.decorator';
import { METADATA_TAG } from '../openapi/api-tags';
import { MetadataResponseSchema } from './metadata.schemas';
import { MetadataService } from './metadata.service';

@ApiTags(METADATA_TAG)
@Controller()
export class MetadataController {
  constructor(private readonly metadata: MetadataService) {}

  @Get(API_PATHS.metadata)
  @Header('Cache-Control', 'no-cache')
  @ApiOperation({
    summary: 'Describe the service',
    description:
      'Versions, packages, limits, isolation and its latest self-test, endpoints, and how to use them.',
  })
  @ApiOkResponse({ description: 'The description.', type: MetadataResponseSchema })
  @ApiHostCheck()
  describe(): Promise<MetadataResponse> {
    return this.metadata.describe();
  }
}
