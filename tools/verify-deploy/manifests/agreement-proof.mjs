/** Changes single values of manifests that fit: whoever checks that they fit must notice each. */
import { cloudRunProblems } from './cloud-run-agreement.mjs';
import { kubernetesProblems } from './kubernetes-agreement.mjs';

const POD = 'spec.template.spec';
const API = `Deployment/pycell-api ${POD}.containers.0`;

/** Of infra/k8s/base: kind, name and path of a value, and what it is changed to; undefined takes it away. */
const KUBERNETES_CHANGES = [
  [`${API}.env.MAX_CONCURRENCY`, '3'],
  [`${API}.env.MEMORY_LIMIT_MB`, '1024'],
  [`${API}.env.SHUTDOWN_GRACE`, '25'],
  [`${API}.env.JAIL_PROFILE`, 'gvisor'],
  [`${API}.resources.limits.cpu`, '4'],
  [`${API}.resources.limits.memory`, '1Gi'],
  [`${API}.resources.requests.memory`, '512Mi'],
  [`${API}.ports.0.containerPort`, 9000],
  [`${API}.startupProbe.httpGet.path`, '/health'],
  [`${API}.livenessProbe.httpGet.path`, '/health/ready'],
  [`${API}.readinessProbe.httpGet.path`, '/health/live'],
  [`${API}.lifecycle.preStop.sleep.seconds`, 15],
  [`${API}.securityContext.privileged`, true],
  [`${API}.securityContext.allowPrivilegeEscalation`, true],
  [`${API}.securityContext.readOnlyRootFilesystem`, undefined],
  [`${API}.securityContext.capabilities.add`, ['SYS_ADMIN']],
  [`${API}.securityContext.appArmorProfile`, { type: 'Unconfined' }],
  [`${API}.securityContext.seccompProfile`, { type: 'Unconfined' }],
  [`${API}.securityContext.seccompProfile`, { type: 'RuntimeDefault' }],
  [`${API}.securityContext.seccompProfile.localhostProfile`, 'other.json'],
  [`Deployment/pycell-api ${POD}.runtimeClassName`, 'gvisor'],
  [`Deployment/pycell-api ${POD}.securityContext.runAsUser`, 0],
  [`Deployment/pycell-api ${POD}.automountServiceAccountToken`, undefined],
  [`Deployment/pycell-api ${POD}.hostNetwork`, true],
  [`Deployment/pycell-api ${POD}.terminationGracePeriodSeconds`, 20],
  [`Deployment/pycell-console ${POD}.containers.0.env.API_UPSTREAM`, 'http://pycell-api:8080'],
  [`Deployment/pycell-console ${POD}.containers.0.env.CONSOLE_PORT`, '3001'],
  [`Deployment/pycell-console ${POD}.containers.0.env.BUILD`, 'local'],
  [`Deployment/pycell-console ${POD}.terminationGracePeriodSeconds`, 8],
  ['Service/pycell-api spec.selector', { app: 'other' }],
  ['Service/pycell-api spec.ports.0.targetPort', 'https'],
  ['Service/pycell-api spec.ports.0.port', 8080],
  ['NetworkPolicy/pycell-api spec.egress', [{}]],
  ['NetworkPolicy/pycell-api spec.policyTypes', ['Ingress']],
  ['NetworkPolicy/pycell-api spec.ingress.0.ports.0.port', 80],
  ['NetworkPolicy/pycell-console spec.ingress.0.ports.0.port', 80],
  ['NetworkPolicy/pycell-console spec.ingress.0.from', undefined],
  ['NetworkPolicy/pycell-api spec.ingress.0.from', []],
  ['PodDisruptionBudget/pycell-api spec.selector.matchLabels', { app: 'other' }],
  ['HorizontalPodAutoscaler/pycell-api spec.metrics.0.resource.target.averageValue', '700m'],
  ['HorizontalPodAutoscaler/pycell-api spec.scaleTargetRef.name', 'pycell-console'],
  ['HorizontalPodAutoscaler/pycell-api spec.minReplicas', 1],
];

/** Of overlays, by the end of their folder. */
const OVERLAY_CHANGES = {
  'overlays/root-user-namespaces': [
    [`Deployment/pycell-api ${POD}.securityContext.runAsUser`, 1000],
    [`${API}.securityContext.capabilities.add`, ['SYS_ADMIN', 'SETUID', 'SETGID']],
    [`${API}.securityContext.capabilities.add`, ['SYS_ADMIN', 'SETUID', 'SETGID', 'CHOWN', 'SYS_PTRACE']],
    [`${API}.env.JAIL_PROFILE`, 'no-user-namespace'],
    ['Namespace/pycell metadata.labels', { 'pod-security.kubernetes.io/enforce': 'baseline' }],
  ],
  'overlays/no-user-namespaces': [
    [`Deployment/pycell-api ${POD}.securityContext.runAsUser`, 1000],
    [`${API}.securityContext.capabilities.add`, ['SYS_ADMIN', 'SETUID', 'SETGID', 'CHOWN', 'SETPCAP']],
    [`${API}.env.JAIL_PROFILE`, 'full'],
    [`${API}.securityContext.seccompProfile`, { type: 'RuntimeDefault' }],
  ],
  'overlays/gvisor': [
    [`Deployment/pycell-api ${POD}.runtimeClassName`, undefined],
    [`Deployment/pycell-api ${POD}.securityContext.runAsUser`, 0],
    [`${API}.env.JAIL_PROFILE`, 'full'],
    [`${API}.securityContext.capabilities.add`, ['SYS_ADMIN']],
  ],
  'node-setup': [
    ['ConfigMap/pycell-seccomp data', { 'pycell-seccomp.json': '{}' }],
    [`DaemonSet/seccomp-installer ${POD}.volumes`, [{ name: 'seccomp', hostPath: { path: '/var/lib' } }]],
    [`DaemonSet/seccomp-installer ${POD}.initContainers.0.securityContext.privileged`, true],
  ],
};

const CONTAINER = `${POD}.containers.0`;

/** Of infra/cloud-run/service.yaml. */
const CLOUD_RUN_CHANGES = [
  [`${POD}.containerConcurrency`, 80],
  [`${CONTAINER}.env.MAX_CONCURRENCY`, '4'],
  [`${CONTAINER}.env.MEMORY_LIMIT_MB`, '2048'],
  [`${CONTAINER}.env.SHUTDOWN_GRACE`, '15'],
  [`${CONTAINER}.env.JAIL_PROFILE`, 'gvisor'],
  [`${CONTAINER}.env.MAX_CONCURRENCY_TOKEN`, 'x'],
  [`${CONTAINER}.resources.limits.memory`, '1Gi'],
  [`${CONTAINER}.resources.limits.cpu`, '1'],
  [`${CONTAINER}.ports.0.containerPort`, 3000],
  [`${CONTAINER}.startupProbe.timeoutSeconds`, 6],
  [`${CONTAINER}.startupProbe.failureThreshold`, 100],
  [`${CONTAINER}.livenessProbe.httpGet.path`, '/health/ready'],
  [`${POD}.timeoutSeconds`, 20],
  [`${POD}.serviceAccountName`, undefined],
  ['spec.template.metadata.annotations.run.googleapis.com/execution-environment', undefined],
  ['spec.template.metadata.annotations.run.googleapis.com/cpu-throttling', 'true'],
  ['spec.template.metadata.annotations.autoscaling.knative.dev/minScale', '0'],
];

/** The keys of a path; those of annotations have dots and slashes in them. */
function keysOf(path) {
  const [before, annotation] = path.split('annotations.');
  return annotation ? [...before.split('.').filter(Boolean), 'annotations', annotation] : path.split('.');
}

/** Changes the value at a path. Below `env` the key is a variable's name. */
function change(document, path, value) {
  const keys = keysOf(path);
  const last = keys.pop();
  const holder = keys.reduce((object, key) => object[key], document);
  if (!Array.isArray(holder)) {
    holder[last] = value;
  } else if (holder.some(({ name }) => name === last)) {
    holder.find(({ name }) => name === last).value = value;
  } else {
    holder.push({ name: last, value });
  }
}

/** What was wrong before says nothing about the change. */
function isNothingNew(after, before) {
  return after.every((problem) => before.includes(problem));
}

function unnoticedInKubernetes({ name, documents }, changes, facts) {
  const before = kubernetesProblems(name, documents, facts);
  return changes.filter(([where, value]) => {
    const [object, path] = where.split(' ');
    const copies = structuredClone(documents);
    change(
      // A ConfigMap's name has the hash of what it holds behind it.
      copies.find(({ kind, metadata }) => `${kind}/${metadata.name}`.startsWith(object)),
      path,
      value,
    );
    return isNothingNew(kubernetesProblems(name, copies, facts), before);
  });
}

function unnoticedInCloudRun({ name, documents }, facts) {
  const before = cloudRunProblems(name, documents[0], facts);
  return CLOUD_RUN_CHANGES.filter(([path, value]) => {
    const copy = structuredClone(documents[0]);
    change(copy, path, value);
    return isNothingNew(cloudRunProblems(name, copy, facts), before);
  });
}

/** Returns a sentence for each change that nobody noticed. */
export function proveAgreement(kubernetes, cloudRun, facts) {
  const built = Object.entries({ base: KUBERNETES_CHANGES, ...OVERLAY_CHANGES }).flatMap(
    ([folder, changes]) => {
      const found = kubernetes.find(({ name }) => name.endsWith(`k8s/${folder}`));
      if (found) {
        return unnoticedInKubernetes(found, changes, facts);
      }
      // Without kubectl there is none at all, which was told already.
      return kubernetes.length === 0 ? [] : [[`infra/k8s/${folder}`, 'no kustomization']];
    },
  );
  const unnoticed = [...built, ...unnoticedInCloudRun(cloudRun[0], facts)];
  return unnoticed.map(([where, value]) => `nobody noticed that ${where} became ${JSON.stringify(value)}`);
}
