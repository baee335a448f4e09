import type { InterfaceDescription } from '../door/interface-description';
import { rpcErrorOf } from './rpc-error';

/** The only path: each request stands for itself, and no session is kept. */
export const MCP_PATH = '/mcp';

/** The Model Context Protocol: scripts as tools of a model. */
export const MCP_INTERFACE: InterfaceDescription = {
  name: 'mcp',
  prefixes: [MCP_PATH],
  // GET would open a stream for what comes unasked, DELETE would end a session: there is neither, so that they are 405.
  endpoints: [{ method: 'POST', path: MCP_PATH, description: 'Model Context Protocol: scripts as tools' }],
  // Its clients send any header that they are told to.
  keyHeaders: [],
  openPaths: [],
  takesFiles: true,
  errorOf: rpcErrorOf,
};
