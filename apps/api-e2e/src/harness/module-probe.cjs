/** Loaded into a server by `node --require`: on SIGUSR2 it tells what is loaded that not every service needs. */
const OPTIONAL = [
  /node_modules\/(@opentelemetry\/[^/]+|bullmq|ioredis|standardwebhooks|@modelcontextprotocol\/[^/]+)\//,
  // Of our own: the interfaces of others, a folder each.
  /\/apps\/api\/(interfaces\/[^/]+)\//,
];

process.on('SIGUSR2', () => {
  const names = Object.keys(require.cache).flatMap((file) =>
    OPTIONAL.map((pattern) => pattern.exec(file)?.[1]).filter(Boolean),
  );
  process.stderr.write(`loaded: ${JSON.stringify([...new Set(names)])}\n`);
});
