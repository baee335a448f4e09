/** How long the API takes from being spawned until it serves. */
import { Connection, executeRequest } from './connection.mjs';
import { startServer } from './server.mjs';
import { WORKS } from './works.mjs';

/** Measures one start: until /health/ready says 200, and until the result of a script that uses pandas. Milliseconds. */
export async function measureStart(environment) {
  const server = await startServer(environment);
  try {
    const connection = new Connection(server.port);
    const { status } = await connection.exchange(executeRequest(WORKS.pandas));
    const pandasMs = performance.now() - server.spawnedAt;
    connection.close();
    if (status !== 200) {
      throw new Error(`The first script was answered with ${status}`);
    }
    return { readyMs: server.readyMs, pandasMs };
  } finally {
    await server.stop();
  }
}
