/** A container of the engine, and the service in it. */
import assert from 'node:assert/strict';
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../services/eventually.cjs';
import { REPORTS } from '../set-up/places.mjs';
import { mustRun } from './programs.mjs';

const START_SECONDS = 60;
const CURL = 'curl --silent --include --max-time 60 --write-out \\n%{http_code}';
export const HELLO = 'def main():\n    return "hello"';

export class Container {
  /**
   * Starts a container by a `docker run` line as a shell would, from the root of the checkout, hands it to `work`, and
   * removes it; its log is kept in .reports.
   * @param options words added behind `docker run`
   */
  static async during(engine, line, options, work) {
    const detached = line.replace(/^docker run( --rm)?/, `docker run --detach ${options}`);
    const output = await mustRun(START_SECONDS, 'sh', ['-c', detached], { env: engine.environment });
    const container = await Container.of(engine, /^[0-9a-f]{64}$/m.exec(output)[0]);
    try {
      await work(container);
    } finally {
      appendFileSync(join(REPORTS, 'containers.log'), `${line}\n${await container.log()}\n`);
      await engine.docker('rm --force --volumes', container.id);
    }
  }

  /** One that is there. Its service is asked at its own address, on the port that its image names. */
  static async of(engine, id) {
    const container = new Container(engine, id);
    const { NetworkSettings: network, Config: config } = await container.inspect();
    const [{ IPAddress: address }] = Object.values(network.Networks);
    container.url = `http://${address}:${parseInt(Object.keys(config.ExposedPorts)[0])}`;
    return container;
  }

  constructor(engine, id) {
    Object.assign(this, { engine, id });
  }

  async inspect() {
    return JSON.parse(await this.engine.docker('container inspect', this.id))[0];
  }

  async log() {
    return (await this.engine.tryDocker('logs', this.id)).output;
  }

  /** Runs a program in it; returns { status, output }. */
  execute(...command) {
    return this.engine.tryDocker('exec', this.id, ...command);
  }

  ask(path, request) {
    return ask(this.engine, this.url + path, request);
  }

  async runScript(script = HELLO) {
    const { status, body } = await this.ask('/execute', { body: { script } });
    return { status, ...JSON.parse(body) };
  }

  /** Told to stop, it must answer what is in flight and end. Returns its exit code. */
  async stop() {
    await this.engine.docker('stop --time 20', this.id);
    return (await this.inspect()).State.ExitCode;
  }

  /** That its service says no, and why: no isolation, no run. */
  async refuses() {
    await waitFor(this.engine, `${this.url}/health/live`);
    const { status, code } = await this.runScript();
    assert.deepEqual({ status, code }, { status: 503, code: 'SANDBOX_UNAVAILABLE' });
  }
}

/** Asks an address in the engine's network; returns { status, head, body }, status 0 where nobody answers. */
export async function ask(engine, url, { host, key, body } = {}) {
  const { output } = await engine.inNetwork(70, [
    ...`${CURL} ${url}`.split(' '),
    ...(host ? ['--header', `Host: ${host}`] : []),
    ...(key ? ['--header', `X-API-Key: ${key}`] : []),
    ...(body ? ['--json', JSON.stringify(body)] : []),
  ]);
  const [, head, text = '', status] = /^([^]*?)(?:\r\n\r\n([^]*))?\n(\d+)$/.exec(output);
  return { status: Number(status), head, body: text };
}

export async function waitFor(engine, url, { host, seconds = START_SECONDS } = {}) {
  const isOk = ({ status }) => status === 200;
  await eventually(() => ask(engine, url, { host }), isOk, seconds * 1000);
}

/** That a process of this machine has this user, no capability, cannot get one, and is filtered. */
export function assertUnprivileged(pid, uid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const capabilities = ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'].map((name) => `${name}: 0+`);
  for (const line of [`Uid: ${uid}`, 'NoNewPrivs: 1', 'Seccomp: 2', ...capabilities]) {
    assert.match(status, new RegExp(`^${line.replace(' ', '\\s+')}\\b`, 'm'), line);
  }
}
