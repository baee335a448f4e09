/** Executes an image's HEALTHCHECK, as an engine would: in the container, by its own command. */
import assert from 'node:assert/strict';
import { inspectImage } from './storage.mjs';

async function commandOf(image) {
  const { Healthcheck: healthCheck } = await inspectImage(`localhost/${image}`);
  const [kind, ...command] = healthCheck.Test;
  assert.equal(kind, 'CMD');
  return command;
}

/** Whether the container is healthy by its image's own check. */
export async function isHealthy(container, image) {
  const { status } = await container.execute(await commandOf(image));
  return status === 0;
}

export async function checkHealthCheck(findings, container, image) {
  await findings.check(`${image}: its HEALTHCHECK says healthy`, async () => {
    const { status, output } = await container.execute(await commandOf(image));
    assert.equal(status, 0, output);
  });
  await findings.check(`${image}: its HEALTHCHECK says unhealthy where nobody listens`, async () => {
    const command = await commandOf(image);
    const elsewhere = ['env', 'PORT=9', 'CONSOLE_PORT=9', ...command];
    const { status, output } = await container.execute(elsewhere);
    assert.match(output, /unhealthy: /);
    assert.equal(status, 1);
  });
}
