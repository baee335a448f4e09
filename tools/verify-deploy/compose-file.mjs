/** Reads compose.yaml as Compose does, and says what each service would be run with. */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from '../set-up/places.mjs';

export const COMPOSE_FILE = join(ROOT, 'infra/compose/compose.yaml');
const FOLDER = dirname(COMPOSE_FILE);

/** The variables of the file `.env` beside it, which Compose reads by itself. */
export function defaultProfile() {
  return /^COMPOSE_PROFILES=(\w+)$/m.exec(readFileSync(join(FOLDER, '.env'), 'utf8'))?.[1];
}

/** `${NAME:-value}` with none of the names set. */
function interpolate(text) {
  return text.replaceAll(/\$\{(\w+)(?::-([^}]*))?\}/g, (_all, name, fallback) => {
    if (fallback === undefined) {
      throw new Error(`compose.yaml needs ${name} and has no default for it`);
    }
    return fallback;
  });
}

/** Returns the services that a profile starts, by name; those without a profile are always there. */
export function servicesOf(profile) {
  const { services } = parse(interpolate(readFileSync(COMPOSE_FILE, 'utf8')), { merge: true });
  return Object.fromEntries(
    Object.entries(services).filter(([, { profiles }]) => !profiles || profiles.includes(profile)),
  );
}

/** How each key of a service becomes arguments of `run`; what is not here stops the verification. */
const OPTIONS = {
  user: (value) => ['--user', value],
  cap_drop: (values) => values.flatMap((value) => ['--cap-drop', value]),
  cap_add: (values) => values.flatMap((value) => ['--cap-add', value]),
  read_only: (value) => (value ? ['--read-only'] : []),
  security_opt: (values) => values.flatMap((value) => ['--security-opt', securityOption(value)]),
  tmpfs: (values) => values.flatMap((value) => ['--tmpfs', value]),
  mem_limit: (value) => ['--memory', value],
  cpus: (value) => ['--cpus', String(value)],
  pids_limit: (value) => ['--pids-limit', String(value)],
};

/** Of the engine, the order of starting, or the network: not of what runs in the container. */
const ELSEWHERE = [
  ...['image', 'build', 'profiles', 'environment', 'ports', 'networks'],
  ...['depends_on', 'restart', 'logging', 'stop_grace_period'],
];

/** Compose reads the profile itself, from its own folder, and hands its text to the engine. */
function securityOption(value) {
  const [, path] = /^seccomp=(.+)$/.exec(value) ?? [];
  return path && path !== 'unconfined' ? `seccomp=${resolve(FOLDER, path)}` : value;
}

/** Returns arguments of `podman run`. @throws Error for a key that nothing is known of */
export function optionsOf(service) {
  return Object.entries(service).flatMap(([key, value]) => {
    if (ELSEWHERE.includes(key)) {
      return [];
    }
    if (!(key in OPTIONS)) {
      throw new Error(`compose.yaml has ${key}, and the verification does not know how to run with it`);
    }
    return OPTIONS[key](value);
  });
}

/** The names that other services reach it by. */
export function namesOf(name, { networks }) {
  return [name, ...Object.values(networks ?? {}).flatMap((network) => network?.aliases ?? [])];
}

/** The ports within the container that are published, and on which address of the host. */
export function publishedPorts({ ports = [] }) {
  return ports.map((port) => {
    const [, address, , target] = /^(?:(.+):)?(\d+):(\d+)$/.exec(port);
    return { address, target: Number(target) };
  });
}
