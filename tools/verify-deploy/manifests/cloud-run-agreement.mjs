/** What no schema can tell of the Cloud Run services: whether they fit the image, the service and Cloud Run's own rules. */
import { Disagreements, environmentOf } from './disagreements.mjs';
import { mebibytes, processors } from './quantities.mjs';
import { SERVICE_MIB } from './service-facts.mjs';

/** Between SIGTERM and SIGKILL. */
const STOP_SECONDS = 10;
/** Longer than this Cloud Run lets nobody start. */
const STARTUP_SECONDS = 240;
const GENERATION_OF_PROFILE = { full: 'gen2', gvisor: 'gen1' };
/** In what the two services may differ; all else must be as it is in the other. */
const MAY_DIFFER = ['/execution-environment', '.startupProbe.failureThreshold', '.JAIL_PROFILE'];

function checkProbes(found, container, { paths, api }) {
  for (const [probe, path] of [
    ['startupProbe', paths.startup],
    ['livenessProbe', paths.live],
  ]) {
    const { httpGet, periodSeconds, timeoutSeconds } = container[probe];
    found.same(`${probe} asks`, httpGet, { path, port: api.port });
    found.holds(`${probe}: timeoutSeconds is less than periodSeconds`, timeoutSeconds < periodSeconds);
  }
  const { periodSeconds, failureThreshold } = container.startupProbe;
  found.holds(
    `startupProbe: at most ${STARTUP_SECONDS} s`,
    periodSeconds * failureThreshold <= STARTUP_SECONDS,
  );
}

/** Returns problems of one service with its values in it. */
export function cloudRunProblems(name, service, facts) {
  const found = new Disagreements(name);
  const { metadata, spec } = service.spec.template;
  const [container] = spec.containers;
  const environment = environmentOf(container);
  const runs = Number(environment.MAX_CONCURRENCY);
  const annotation = (key) => metadata.annotations[`run.googleapis.com/${key}`];
  found.same('containerConcurrency: MAX_CONCURRENCY', spec.containerConcurrency, runs);
  found.same('processors: as many as MAX_CONCURRENCY', processors(container.resources.limits.cpu), runs);
  const needed = SERVICE_MIB + runs * Number(environment.MEMORY_LIMIT_MB);
  const memory = mebibytes(container.resources.limits.memory);
  found.holds(`memory ${memory} MiB is at least ${needed}`, memory >= needed);
  found.same('containerPort', container.ports, [{ name: 'http1', containerPort: facts.api.port }]);
  const stop = Number(environment.SHUTDOWN_GRACE) + facts.lastAnswers.api;
  found.holds(`it has stopped after ${stop} s, before ${STOP_SECONDS}`, stop < STOP_SECONDS);
  const longest = facts.defaults.scriptTimeout + facts.defaults.queueTimeout;
  found.holds(`timeoutSeconds ${spec.timeoutSeconds} is more than ${longest}`, spec.timeoutSeconds > longest);
  found.same(
    'execution-environment',
    annotation('execution-environment'),
    GENERATION_OF_PROFILE[environment.JAIL_PROFILE],
  );
  found.same('cpu-throttling', annotation('cpu-throttling'), 'false');
  found.same('startup-cpu-boost', annotation('startup-cpu-boost'), 'true');
  found.same('minScale', metadata.annotations['autoscaling.knative.dev/minScale'], '1');
  found.holds('it has an account of its own', spec.serviceAccountName?.includes('@'));
  found.holds(
    'no variable looks like a secret',
    !Object.keys(environment).some((key) => /KEY|TOKEN|SECRET|PASS/.test(key)),
  );
  checkProbes(found, container, facts);
  return found.problems;
}

/** The path of each value; variables by their name, since their order says nothing. */
function valuesOf(value, path = '') {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => valuesOf(item.value ?? item, `${path}.${item.name ?? index}`));
  }
  if (value !== null && typeof value === 'object') {
    return Object.entries(value).flatMap(([key, member]) => valuesOf(member, `${path}.${key}`));
  }
  return [[path, value]];
}

/** Returns where two services differ and may not. */
export function differenceProblems(one, other) {
  const [left, right] = [one, other].map((service) => new Map(valuesOf(service)));
  return [...new Set([...left.keys(), ...right.keys()])]
    .filter(
      (path) => left.get(path) !== right.get(path) && !MAY_DIFFER.some((ending) => path.endsWith(ending)),
    )
    .map(
      (path) =>
        `service.yaml and service-gvisor.yaml differ in ${path}: ${left.get(path)}, ${right.get(path)}`,
    );
}
