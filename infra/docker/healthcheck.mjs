/**
 * The images' HEALTHCHECK: asks the service in the same container, and fails unless the answer is 200.
 *
 *   node healthcheck.mjs PATH PORT_VARIABLE HOST_VARIABLE
 *
 * The images have no curl, and a service that only some names may address wants to hear one of them.
 */
import { request } from 'node:http';

const ANSWER_WITHIN_MS = 4_000;

const [path, portVariable, hostVariable] = process.argv.slice(2);
const listensOn = process.env[hostVariable] || '0.0.0.0';
const host = ['0.0.0.0', '::'].includes(listensOn) ? '127.0.0.1' : listensOn;
const name = process.env.ALLOWED_HOSTS?.split(',')[0].trim() || host;

function fail(reason) {
  process.stderr.write(`unhealthy: ${reason}\n`);
  process.exit(1);
}

request(
  {
    host,
    port: process.env[portVariable],
    path,
    headers: { Host: name.includes(':') ? `[${name}]` : name },
    timeout: ANSWER_WITHIN_MS,
  },
  ({ statusCode }) => (statusCode === 200 ? process.exit(0) : fail(`status ${statusCode}`)),
)
  .once('timeout', () => fail(`no answer within ${ANSWER_WITHIN_MS} ms`))
  .once('error', ({ message }) => fail(message))
  .end();
