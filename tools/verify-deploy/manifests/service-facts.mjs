/** What the manifests have to agree with: read from where it is decided, never repeated here. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../set-up/places.mjs';
import { addedCapabilities, runsOfCloudImage } from '../documented-runs.mjs';

/** What a replica takes beside the limits of its runs, MiB; docs/operations.md has the terms and what was measured. */
export const SERVICE_MIB = 768;
/** Of a replica's processors; more than that, and another one is started. */
export const BUSY_SHARE = 0.7;

function read(path) {
  return readFileSync(join(ROOT, path), 'utf8');
}

function find(path, pattern) {
  const found = pattern.exec(read(path))?.[1];
  if (found === undefined) {
    throw new Error(`${path} has nothing like ${pattern}: what is read from there has moved`);
  }
  return found;
}

/** A constant in milliseconds, as seconds. */
function secondsIn(path, name) {
  return Number(find(path, new RegExp(`\\b${name} = ([\\d_]+)`)).replace('_', '')) / 1000;
}

function imageFacts(name, portVariable) {
  const file = `infra/docker/${name}.Dockerfile`;
  return {
    port: Number(find(file, new RegExp(`\\b${portVariable}=(\\d+)`))),
    exposed: Number(find(file, /^EXPOSE (\d+)$/m)),
    uid: Number(find(file, /^USER (\d+):\d+$/m)),
  };
}

export function readServiceFacts() {
  const contracts = 'libs/contracts/src/paths.ts';
  return {
    api: imageFacts('api.cloud', 'PORT'),
    console: imageFacts('console', 'CONSOLE_PORT'),
    paths: {
      live: find(contracts, /\blive: '([^']+)'/),
      ready: find(contracts, /\bready: '([^']+)'/),
      startup: find(contracts, /\bstartup: '([^']+)'/),
    },
    defaults: {
      scriptTimeout: Number(find('.env.example', /^#SCRIPT_TIMEOUT=(\d+)$/m)),
      queueTimeout: Number(find('.env.example', /^#QUEUE_TIMEOUT=(\d+)$/m)),
    },
    /** Seconds that answers may take after the time for runs is up. */
    lastAnswers: {
      api: secondsIn('apps/api/src/shutdown/graceful-shutdown.ts', 'LAST_ANSWERS_MS'),
      console: secondsIn('apps/console/server/serve.mjs', 'LAST_ANSWERS_MS'),
    },
    /** By the `docker run` line of docs/operations.md that is for the same nodes. */
    addedCapabilities: {
      asRoot: addedCapabilities(runsOfCloudImage().asRoot),
      withoutUserNamespace: addedCapabilities(runsOfCloudImage().withoutUserNamespace),
    },
    seccompProfile: read('infra/docker/seccomp/pycell-seccomp.json'),
    seccompCopy: read('infra/k8s/node-setup/pycell-seccomp.json'),
  };
}
