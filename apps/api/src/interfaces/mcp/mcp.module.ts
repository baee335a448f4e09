import { Module } from '@nestjs/common';
import { DoorModule } from '../door/door.module';
import type { ServedInterface } from '../door/served-interface';
import { McpExchange } from './mcp-exchange';
import { McpTools } from './mcp-tools';
import { McpController } from './mcp.controller';
import { MCP_INTERFACE } from './mcp.interface';
import { ScriptTools } from './script-tools';

@Module({
  imports: [DoorModule],
  controllers: [McpController],
  providers: [McpExchange, McpTools, ScriptTools],
})
export class McpModule {}

export const SERVED: ServedInterface = { description: MCP_INTERFACE, module: McpModule };
