/** Loaded into a server by `node --require`: on SIGUSR2 it tells which packages and interfaces are loaded that not every service needs. */
process.on('SIGUSR2', () => {
  const names = Object.keys(require.cache).map(
    (file) =>
      /node_modules\/(@opentelemetry\/[^/]+|@modelcontextprotocol\/[^/]+|bullmq|ioredis|standardwebhooks)\//.exec(
        file,
      )?.[1] ?? /\/api\/(interfaces\/[^/]+)\//.exec(file)?.[1],
  );
  process.stderr.write(`loaded: ${JSON.stringify([...new Set(names.filter(Boolean))])}\n`);
});
