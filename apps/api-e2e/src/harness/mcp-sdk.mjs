/**
 * Talks to an MCP server by the official SDK's client, as it is on the registry, and tells as JSON what came: a process of its own,
 * since the SDK is an ES module, which jest does not load.
 *
 * Argument: JSON of { url, headers, negotiation, calls: [{ name, arguments }] }.
 */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

const { url, headers, negotiation, calls } = JSON.parse(process.argv[2] ?? '{}');

const client = new Client(
  { name: 'pycell-e2e', version: '1.0.0' },
  negotiation === undefined ? {} : { versionNegotiation: { mode: negotiation } },
);
await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
const { tools } = await client.listTools();
const results = [];
for (const call of calls) {
  // It checks what comes by the output schema of the tool, and throws where it does not fit.
  results.push(await client.callTool(call).catch((error) => ({ thrown: error.message })));
}
process.stdout.write(
  JSON.stringify({ server: client.getServerVersion(), era: client.getProtocolEra(), tools, results }),
);
await client.close();
