/** What no schema can tell of Kubernetes manifests: whether they fit each other, the images and the service. */
import { Disagreements, environmentOf } from './disagreements.mjs';
import { standardOf } from './pod-security.mjs';
import { mebibytes, processors } from './quantities.mjs';
import { BUSY_SHARE, SERVICE_MIB } from './service-facts.mjs';

const STANDARDS = ['privileged', 'baseline', 'restricted'];
/** What an overlay gives to the service, by its folder. Everywhere else the image's own user, without capabilities. */
const OVERLAYS = [
  { folder: /root-user-namespaces$/, run: 'asRoot', profile: 'full' },
  { folder: /no-user-namespaces$/, run: 'withoutUserNamespace', profile: 'no-user-namespace' },
  { folder: /gvisor$/, profile: 'gvisor' },
];
const KUBELET_PROFILES = '/var/lib/kubelet/seccomp';

class Manifests {
  constructor(documents) {
    this.documents = documents;
  }

  /** The one object of this kind and name. */
  get(kind, name) {
    return this.documents.find((document) => document.kind === kind && document.metadata.name === name);
  }

  ofKind(...kinds) {
    return this.documents.filter(({ kind }) => kinds.includes(kind));
  }
}

function podOf(workload) {
  return workload.spec.template.spec;
}

function isSelected(selector, workload) {
  const labels = workload.spec.template.metadata.labels;
  return Object.entries(selector).every(([name, value]) => labels[name] === value);
}

/** Of every workload there is. */
function checkWorkload(found, workload, namespace) {
  const pod = podOf(workload);
  const { name } = workload.metadata;
  found.same(`${name}: automountServiceAccountToken`, pod.automountServiceAccountToken, false);
  found.same(`${name}: enableServiceLinks`, pod.enableServiceLinks, false);
  found.holds(
    `${name}: its selector selects its pods`,
    isSelected(workload.spec.selector.matchLabels, workload),
  );
  const enforced = namespace?.metadata.labels?.['pod-security.kubernetes.io/enforce'];
  const needed = standardOf(pod);
  found.holds(
    `${name}: its namespace admits it (needs ${needed}, ${enforced} is enforced)`,
    STANDARDS.indexOf(enforced) >= 0 && STANDARDS.indexOf(enforced) <= STANDARDS.indexOf(needed),
  );
  for (const container of [...(pod.initContainers ?? []), ...pod.containers]) {
    const { securityContext: context = {}, resources = {} } = container;
    const where = `${name}/${container.name}`;
    found.holds(`${where}: it is not privileged`, !context.privileged);
    found.same(`${where}: allowPrivilegeEscalation`, context.allowPrivilegeEscalation, false);
    found.same(`${where}: readOnlyRootFilesystem`, context.readOnlyRootFilesystem, true);
    found.same(`${where}: capabilities dropped`, context.capabilities?.drop, ['ALL']);
    found.holds(
      `${where}: it has limits of cpu and memory`,
      resources.limits?.cpu && resources.limits?.memory,
    );
  }
}

function checkNetwork(found, manifests, { name, port, workload }) {
  const [container] = podOf(workload).containers;
  const named = container.ports.find((entry) => entry.name === 'http')?.containerPort;
  found.same(`${name}: containerPort`, named, port);
  const service = manifests.get('Service', name);
  found.same(`${name}: the Service's targetPort`, service.spec.ports[0].targetPort, 'http');
  found.holds(`${name}: the Service selects its pods`, isSelected(service.spec.selector, workload));
  const policy = manifests.get('NetworkPolicy', name);
  found.holds(
    `${name}: the NetworkPolicy selects its pods`,
    isSelected(policy.spec.podSelector.matchLabels, workload),
  );
  found.same(`${name}: what the NetworkPolicy is about`, policy.spec.policyTypes, ['Ingress', 'Egress']);
  for (const rule of policy.spec.ingress) {
    found.same(`${name}: ports that the NetworkPolicy opens`, rule.ports, [{ port }]);
    found.holds(`${name}: the NetworkPolicy says for whom`, rule.from?.length > 0);
  }
  const budget = manifests.get('PodDisruptionBudget', name);
  found.holds(
    `${name}: the PodDisruptionBudget selects its pods`,
    isSelected(budget.spec.selector.matchLabels, workload),
  );
}

function checkSize(found, container, autoscaler) {
  const environment = environmentOf(container);
  const { requests, limits } = container.resources;
  const runs = Number(environment.MAX_CONCURRENCY);
  const needed = SERVICE_MIB + runs * Number(environment.MEMORY_LIMIT_MB);
  found.same(
    'memory limit (MiB): the service + MAX_CONCURRENCY x MEMORY_LIMIT_MB',
    mebibytes(limits.memory),
    needed,
  );
  found.same('memory requested', requests.memory, limits.memory);
  found.same('processors: as many as MAX_CONCURRENCY', processors(limits.cpu), runs);
  const { target } = autoscaler.spec.metrics[0].resource;
  const busy = Math.round(processors(target.averageValue) * 1000);
  found.same(
    'the autoscaler: 70 % of the processors, in thousandths',
    busy,
    Math.round(runs * BUSY_SHARE * 1000),
  );
  found.same('the autoscaler is for', autoscaler.spec.scaleTargetRef.name, 'pycell-api');
  found.holds('there are two replicas at least', autoscaler.spec.minReplicas >= 2);
}

function checkProbes(found, container, { paths }) {
  for (const [probe, path] of [
    ['startupProbe', paths.startup],
    ['livenessProbe', paths.live],
    ['readinessProbe', paths.ready],
  ]) {
    found.same(`${probe} asks`, container[probe].httpGet, { path, port: 'http' });
  }
}

function checkEnd(found, pod, lastAnswers) {
  const [container] = pod.containers;
  const wait = container.lifecycle.preStop.sleep.seconds;
  const needed = wait + Number(environmentOf(container).SHUTDOWN_GRACE) + lastAnswers;
  found.holds(
    `${container.name}: terminationGracePeriodSeconds ${pod.terminationGracePeriodSeconds} is more than ${needed}`,
    pod.terminationGracePeriodSeconds > needed,
  );
}

function checkIsolation(found, workload, facts) {
  const pod = podOf(workload);
  const [container] = pod.containers;
  const { seccompProfile } = container.securityContext;
  const isGvisor = pod.runtimeClassName === 'gvisor';
  const { run, profile = 'full' } = OVERLAYS.find(({ folder }) => folder.test(found.subject)) ?? {};
  found.same('JAIL_PROFILE', environmentOf(container).JAIL_PROFILE, profile);
  found.same('it is for gVisor', isGvisor, profile === 'gvisor');
  found.same(
    'seccompProfile',
    seccompProfile,
    isGvisor ? { type: 'RuntimeDefault' } : { type: 'Localhost', localhostProfile: 'pycell-seccomp.json' },
  );
  found.same('runAsUser', pod.securityContext.runAsUser, run ? 0 : facts.api.uid);
  found.same(
    'capabilities added: those of the docker run line',
    container.securityContext.capabilities?.add?.toSorted() ?? [],
    run ? facts.addedCapabilities[run] : [],
  );
}

function checkConsole(found, workload, facts) {
  const [container] = podOf(workload).containers;
  const environment = environmentOf(container);
  found.same('console: CONSOLE_PORT', Number(environment.CONSOLE_PORT), facts.console.port);
  // Else kubelets and an Ingress, who do not ask for localhost, are refused.
  found.same('console: BUILD, by which it goes by any name', environment.BUILD, 'cloud');
  // Port 80 of the Service, so that no port is in the address.
  found.same('console: API_UPSTREAM', environment.API_UPSTREAM, 'http://pycell-api');
  found.same('console: runAsUser', podOf(workload).securityContext.runAsUser, facts.console.uid);
  checkEnd(found, podOf(workload), facts.lastAnswers.console);
}

function checkService(found, manifests, facts) {
  const api = manifests.get('Deployment', 'pycell-api');
  const console_ = manifests.get('Deployment', 'pycell-console');
  const [container] = podOf(api).containers;
  checkNetwork(found, manifests, { name: 'pycell-api', port: facts.api.port, workload: api });
  checkNetwork(found, manifests, { name: 'pycell-console', port: facts.console.port, workload: console_ });
  const policy = manifests.get('NetworkPolicy', 'pycell-api');
  found.same('the API may call', policy.spec.egress, []);
  found.same('the Service listens on', manifests.get('Service', 'pycell-api').spec.ports[0].port, 80);
  checkSize(found, container, manifests.get('HorizontalPodAutoscaler', 'pycell-api'));
  checkProbes(found, container, facts);
  checkEnd(found, podOf(api), facts.lastAnswers.api);
  checkIsolation(found, api, facts);
  checkConsole(found, console_, facts);
}

/** The profile that pods name is the one that nodes are given, under that name, where kubelets look. */
function checkNodeSetup(found, manifests, facts) {
  const [installer] = manifests.ofKind('DaemonSet');
  const [{ data }] = manifests.ofKind('ConfigMap');
  found.same('its profiles', Object.keys(data), ['pycell-seccomp.json']);
  found.holds(
    'its profile is infra/docker/seccomp/pycell-seccomp.json',
    data['pycell-seccomp.json'] === facts.seccompProfile,
  );
  const folder = podOf(installer).volumes.find(({ hostPath }) => hostPath);
  found.same('where it puts the profile', folder.hostPath.path, KUBELET_PROFILES);
}

/** Returns problems of one built kustomization. `name` is its folder below the repository. */
export function kubernetesProblems(name, documents, facts) {
  const found = new Disagreements(name);
  const manifests = new Manifests(documents);
  for (const workload of manifests.ofKind('Deployment', 'DaemonSet', 'StatefulSet', 'Job', 'CronJob')) {
    checkWorkload(found, workload, manifests.get('Namespace', workload.metadata.namespace));
  }
  if (manifests.get('Deployment', 'pycell-api')) {
    checkService(found, manifests, facts);
  } else {
    checkNodeSetup(found, manifests, facts);
  }
  return found.problems;
}
