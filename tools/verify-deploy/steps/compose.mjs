/** `docker compose up --build` of both profiles and of scale.yaml: Compose reads, builds and starts what the files say. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { ROOT } from '../../set-up/places.mjs';
import { waitFor } from '../container.mjs';
import { mustRun } from '../programs.mjs';
import { checkScale, SETTINGS } from './compose-scale.mjs';
import { checkConsole } from './docker.mjs';

/** Memory, processors, processes and hardening that Compose asks the engine for: no answer of a service shows them. */
const LIMITS =
  '{{.Memory}} {{.NanoCpus}} {{.PidsLimit}} {{.ReadonlyRootfs}} {{.CapDrop}} {{.Privileged}} {{.RestartPolicy.Name}}';
const HARDENED = 'true [ALL] false unless-stopped';
const MIB = 1024 * 1024;
const EXPECTED = [`${256 * MIB} 500000000 64 ${HARDENED}`, `${2944 * MIB} 2000000000 512 ${HARDENED}`];

/** Returns how Compose is called for a file: the engine's plugin, or docker-compose 1.29 of Debian 12. */
async function findCompose(engine, name, options) {
  if ((await engine.tryDocker('compose version')).status === 0) {
    return ['docker', 'compose', '--file', name];
  }
  // 1.29 hands pids_limit on as text when it comes from a variable, which it then refuses.
  const { services } = parse(await mustRun(60, 'docker-compose', ['--file', name, 'config'], options));
  for (const [name, service] of Object.entries(services)) {
    services[name] = { pids_limit: Number(service.pids_limit) };
  }
  const file = join(engine.folder, `numbers-of-${name}`);
  writeFileSync(file, stringify({ services }));
  return ['docker-compose', '--file', name, '--file', file];
}

export async function compose(findings, engine) {
  const options = { cwd: join(ROOT, 'infra/compose'), env: engine.environment };
  const [file, ...args] = await findCompose(engine, 'compose.yaml', options);

  async function check(profile, isolation, more, ports) {
    const name = `Compose, profile ${profile}`;
    const env = { ...options.env, PYCELL_API_PORT: ports[0], PYCELL_CONSOLE_PORT: ports[1] };
    const run = (command) =>
      mustRun(300, file, [...args, ...more, ...command.split(' ')], { ...options, env });
    await findings.check(`${name}: every service comes up, on its port`, async () => {
      await run('up --build --detach');
      await waitFor(engine, `http://127.0.0.1:${ports[0]}/health/ready`);
    });
    await checkConsole(findings, engine, name, `http://127.0.0.1:${ports[1]}`, isolation);
    await findings.check(`${name}: limits, hardening, loopback ports`, async () => {
      const ids = (await run('ps --quiet')).match(/^[0-9a-f]{64}$/gm);
      const inspect = (format) => engine.docker('inspect --format', format, ...ids);
      const limits = await inspect(`{{with .HostConfig}}${LIMITS}{{end}}`);
      assert.deepEqual(limits.trim().split('\n').sort(), EXPECTED);
      assert.doesNotMatch(await inspect('{{json .HostConfig.PortBindings}}'), /"HostIp":"(?!127\.0\.0\.1")/);
    });
    await findings.check(`${name}: down takes everything away`, () => run('down'));
  }

  // Beside each other, since both wait for health checks; the documented ports, and others by their variables.
  await Promise.all([
    check('cloud', 'nsjail', [], ['8080', '3000']),
    check('local', 'none', ['--project-name', 'pycell-local', '--profile', 'local'], ['18080', '13000']),
  ]);
  const scaled = { ...options, env: { ...options.env, ...SETTINGS } };
  await checkScale(findings, engine, await findCompose(engine, 'scale.yaml', scaled), scaled);
}
