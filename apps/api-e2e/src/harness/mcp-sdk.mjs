/**
 * Talks to an MCP server by the official SDK's client, as it is on the registry, and tells as JSON what came: a process of its own,
 * since the SDK is an ES module, which jest does not load.
 *
 * Argument: JSON of { url, headers, negotiation, calls: [{ name, arguments }], timed: { call, times } }.
 */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

const { url, headers, negotiation, calls, timed } = JSON.parse(process.argv[2] ?? '{}');

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
const milliseconds = [];
for (let n = 0; n < (timed?.times ?? 0); n++) {
  const start = performance.now();
  const { isError } = await client.callTool(timed.call);
  if (!isError) {
    milliseconds.push(performance.now() - start);
  }
}
process.stdout.write(
  JSON.stringify({
    server: client.getServerVersion(),
    era: client.getProtocolEra(),
    tools,
    results,
    milliseconds,
  }),
);
await client.close();
