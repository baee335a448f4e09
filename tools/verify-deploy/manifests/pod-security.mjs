/**
 * The rules of Kubernetes' Pod Security Standards that the API server applies to a namespace's label, as far as they are
 * about fields: which of the three standards a pod needs.
 */

const RESTRICTED_VOLUMES = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
];
/** What the baseline lets a container add. */
const BASELINE_CAPABILITIES = [
  ...['AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD', 'NET_BIND_SERVICE'],
  ...['SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT'],
];

function everyContainer({ initContainers = [], containers }) {
  return [...initContainers, ...containers];
}

function meetsBaseline(pod) {
  const contexts = [
    pod.securityContext ?? {},
    ...everyContainer(pod).map(({ securityContext = {} }) => securityContext),
  ];
  return (
    !pod.hostNetwork &&
    !pod.hostPID &&
    !pod.hostIPC &&
    (pod.volumes ?? []).every((volume) => !volume.hostPath) &&
    contexts.every(
      ({ privileged, capabilities, appArmorProfile, seccompProfile, procMount }) =>
        !privileged &&
        (capabilities?.add ?? []).every((name) => BASELINE_CAPABILITIES.includes(name)) &&
        appArmorProfile?.type !== 'Unconfined' &&
        seccompProfile?.type !== 'Unconfined' &&
        (procMount ?? 'Default') === 'Default',
    ) &&
    everyContainer(pod).every(({ ports = [] }) => ports.every(({ hostPort }) => !hostPort))
  );
}

function meetsRestricted(pod) {
  const ofPod = pod.securityContext ?? {};
  return (
    (pod.volumes ?? []).every((volume) => RESTRICTED_VOLUMES.some((kind) => kind in volume)) &&
    everyContainer(pod).every(({ securityContext: own = {} }) => {
      const seccomp = (own.seccompProfile ?? ofPod.seccompProfile)?.type;
      return (
        own.allowPrivilegeEscalation === false &&
        (own.runAsNonRoot ?? ofPod.runAsNonRoot) === true &&
        (own.runAsUser ?? ofPod.runAsUser) !== 0 &&
        ['RuntimeDefault', 'Localhost'].includes(seccomp) &&
        (own.capabilities?.drop ?? []).includes('ALL') &&
        (own.capabilities?.add ?? []).every((name) => name === 'NET_BIND_SERVICE')
      );
    })
  );
}

/** The strictest standard that admits this pod. */
export function standardOf(pod) {
  if (!meetsBaseline(pod)) {
    return 'privileged';
  }
  return meetsRestricted(pod) ? 'restricted' : 'baseline';
}
