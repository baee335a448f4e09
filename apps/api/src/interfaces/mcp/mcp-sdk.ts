import type * as sdk from '@modelcontextprotocol/server';

/** The official SDK, as far as it is used. */
export type McpSdk = Pick<
  typeof sdk,
  'createMcpHandler' | 'isLegacyRequest' | 'legacyStatelessFallback' | 'ProtocolError' | 'Server'
>;

/** Injection token of the SDK, which is loaded when the service starts. */
export const MCP_SDK = Symbol('MCP_SDK');

export function loadSdk(): Promise<McpSdk> {
  return import('@modelcontextprotocol/server');
}
