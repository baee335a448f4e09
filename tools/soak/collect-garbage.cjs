/**
 * Loaded into the API by the soak (`node --expose-gc --require`): on SIGWINCH it collects all garbage. What V8 has not yet
 * collected varies by tens of MB and is no growth; nothing else of the server changes. Not SIGUSR2: Nest ends the service by it.
 */
process.on('SIGWINCH', () => {
  globalThis.gc();
  // Finalizers give back memory outside the heap; what they held is garbage now.
  setTimeout(globalThis.gc, 100);
});
