import { Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import type { Response } from 'express';
import { type ForeignClient, FromForeignClient } from '../door/foreign-client';
import { InterfaceController } from '../door/interface-controller';
import { InterfaceExecutions } from '../door/interface-executions';
import { InterfaceJobs } from '../door/interface-jobs';
import { configInfo } from './configuration';
import { languageOf, languagesOf } from './languages';
import { JUDGE0_STATUSES } from './statuses';

/**
 * The last release whose source is public: what it says is what holds here. By it clients choose their ids of languages: those
 * of Extra CE have packages for data with their Python, as there are here.
 */
const VERSION = '1.13.1-extra';

/** What Judge0 tells of itself. */
@InterfaceController()
export class InformationController {
  constructor(
    private readonly executions: InterfaceExecutions,
    private readonly jobs: InterfaceJobs,
  ) {}

  @Get(['/languages', '/languages/all'])
  async languages(): Promise<object> {
    return languagesOf(await this.version());
  }

  @Get('/languages/:id')
  async language(@Param('id') id: string, @Res() response: Response): Promise<void> {
    const found = /^\d{1,9}$/.test(id) ? languageOf(Number(id), await this.version()) : undefined;
    if (found) {
      const facts = {
        is_archived: false,
        source_file: 'script.py',
        compile_cmd: null,
        run_cmd: 'python3 script.py',
      };
      response.json({ ...found, ...facts });
    } else {
      response
        .status(404)
        .json({ error: 'there is no such language: GET /languages lists those that there are' });
    }
  }

  @Get('/statuses')
  statuses(): object {
    return JUDGE0_STATUSES;
  }

  @Get('/about')
  about(): object {
    // Clients take nothing but texts here.
    return { version: VERSION, homepage: '', source_code: '', maintainer: '', served_by: 'pycell' };
  }

  /** Judge0's check of its health: its one queue. Places are what it calls workers. */
  @Get('/workers')
  async workers(): Promise<readonly object[]> {
    const { places, running, waiting } = await this.jobs.load();
    return [
      {
        queue: 'default',
        size: waiting,
        available: places,
        idle: places - running,
        working: running,
        paused: 0,
        // There it counts what broke workers: a place outlives whatever runs in it.
        failed: 0,
      },
    ];
  }

  @Get('/config_info')
  configInfo(@FromForeignClient() client: ForeignClient): object {
    return configInfo(this.executions.limitsOf(client), this.jobs.maxWaiting);
  }

  @Get('/system_info')
  systemInfo(@Res() response: Response): void {
    response.status(403).json({ error: 'the machine is not described' });
  }

  /** Whoever comes here has a key that is known, where one is needed. */
  @Post('/authenticate')
  @HttpCode(200)
  authenticate(@Res() response: Response): void {
    response.end();
  }

  @Post('/authorize')
  authorize(@Res() response: Response): void {
    response.status(403).json({ error: 'there are no administrators here' });
  }

  private async version(): Promise<string | null> {
    return (await this.executions.python()).version;
  }
}
