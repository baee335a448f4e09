import { Controller, Get, Header } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { API_PATHS, type MetadataResponse } from '@pycell/contracts';
import { MetadataService } from './metadata.service';

@ApiTags('metadata')
@Controller()
export class MetadataController {
  constructor(private readonly metadata: MetadataService) {}

  @Get(API_PATHS.metadata)
  @Header('Cache-Control', 'no-cache')
  @ApiOperation({ summary: 'What this service is: versions, packages, limits, isolation, endpoints, usage' })
  describe(): Promise<MetadataResponse> {
    return this.metadata.describe();
  }
}
