import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { API_PATHS, type MetadataResponse, type ModulesResponse } from '@pycell/contracts';
import { ApiHostCheck, ApiKeyCheck } from '../openapi/api-errors.decorator';
import { ApiKeys } from '../openapi/api-keys.decorator';
import { METADATA_TAG } from '../openapi/api-tags';
import { MetadataResponseSchema, ModulesResponseSchema } from './metadata.schemas';
import { MetadataService } from './metadata.service';

@ApiTags(METADATA_TAG)
@Controller()
export class MetadataController {
  constructor(private readonly metadata: MetadataService) {}

  @Get(API_PATHS.modules)
  @Header('Cache-Control', 'no-cache')
  @ApiKeys()
  @ApiOperation({
    summary: 'List the modules that scripts can import',
    description:
      'Top-level modules of the standard library and of the packages, those that the policy blocks included.',
  })
  @ApiOkResponse({ description: 'The list.', type: ModulesResponseSchema })
  @ApiHostCheck()
  @ApiKeyCheck()
  modules(): Promise<ModulesResponse> {
    return this.metadata.modules();
  }

  @Get(API_PATHS.metadata)
  @Header('Cache-Control', 'no-cache')
  @ApiKeys()
  @ApiOperation({
    summary: 'Describe the service',
    description:
      'Versions, packages, limits, isolation and its latest self-test, endpoints, and how to use them.',
  })
  @ApiOkResponse({ description: 'The description.', type: MetadataResponseSchema })
  @ApiHostCheck()
  @ApiKeyCheck()
  describe(): Promise<MetadataResponse> {
    return this.metadata.describe();
  }
}
