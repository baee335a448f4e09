import { Controller, Get, Header, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { API_PATHS, type MetadataResponse, type ModulesResponse } from '@pycell/contracts';
import type { Request, Response } from 'express';
import { callerOf } from '../callers/callers';
import { ApiHostCheck, ApiKeyCheck } from '../openapi/api-errors.decorator';
import { ApiKeys } from '../openapi/api-keys.decorator';
import { METADATA_TAG } from '../openapi/api-tags';
import { MetadataResponseSchema, ModulesResponseSchema } from './metadata.schemas';
import { MetadataService } from './metadata.service';

/** In which a key can come. */
const KEY_HEADERS = 'X-API-Key, Authorization';

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
  @ApiKeys()
  @ApiOperation({
    summary: 'Describe the service',
    description:
      'Versions, packages, limits, isolation and its latest self-test, endpoints, and how to use them. Where a key comes with the request, limits and policy are those of the key.',
  })
  @ApiOkResponse({ description: 'The description.', type: MetadataResponseSchema })
  @ApiHostCheck()
  @ApiKeyCheck()
  describe(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<MetadataResponse> {
    const caller = callerOf(request);
    // What it says follows from who asks: no cache may hand the answer for one key to others.
    response.vary(KEY_HEADERS);
    response.setHeader('Cache-Control', caller.key === null ? 'private, no-cache' : 'no-store');
    return this.metadata.describe(caller);
  }
}
