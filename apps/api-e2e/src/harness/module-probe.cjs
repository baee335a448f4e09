/** Loaded into a server by `node --require`: on SIGUSR2 it tells which packages of OpenTelemetry are loaded. */
process.on('SIGUSR2', () => {
  const names = Object.keys(require.cache).map((file) => /@opentelemetry\/[^/]+/.exec(file)?.[0]);
  process.stderr.write(`loaded: ${JSON.stringify([...new Set(names.filter(Boolean))])}\n`);
});
