import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { API_PATHS, type MetadataResponse } from '@pycell/contracts';
import { MetadataResponseSchema } from './metadata.schemas';
import { MetadataService } from './metadata.service';

@ApiTags('metadata')
@Controller()
export class MetadataController {
  constructor(private readonly metadata: MetadataService) {}

  @Get(API_PATHS.metadata)
  @Header('Cache-Control', 'no-cache')
  @ApiOperation({ summary: 'What this service is: versions, packages, limits, isolation, endpoints, usage' })
  @ApiOkResponse({ type: MetadataResponseSchema })
  describe(): Promise<MetadataResponse> {
    return this.metadata.describe();
  }
}
