/**
 * Loaded into the API by the soak (`node --require`): on SIGWINCH it collects all garbage. What V8 has not yet collected
 * varies by tens of MB and is no growth; nothing else of the server changes. Not SIGUSR2: Nest ends the service by it.
 */
const v8 = require('node:v8');
const vm = require('node:vm');

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc');

process.on('SIGWINCH', () => {
  collect();
  // Finalizers give back memory outside the heap; what they held is garbage now.
  setTimeout(collect, 100);
});
