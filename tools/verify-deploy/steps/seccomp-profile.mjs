/** The committed profile is what its script derives, and gives what it says. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { DEBIAN_BASE, deriveProfile, PROFILE } from '../../../infra/docker/seccomp/derive.mjs';

function allowed({ syscalls }) {
  return new Set(
    syscalls.filter(({ action, args }) => action === 'SCMP_ACT_ALLOW' && !args).flatMap(({ names }) => names),
  );
}

export async function seccompProfile(findings) {
  const base = JSON.parse(readFileSync(DEBIAN_BASE, 'utf8'));
  const derived = deriveProfile(base);
  await findings.check('the seccomp profile is what derive.mjs makes of Debian’s', () => {
    assert.deepEqual(
      JSON.parse(readFileSync(PROFILE, 'utf8')),
      derived,
      `run: node infra/docker/seccomp/derive.mjs --output ${PROFILE}`,
    );
  });
  await findings.check('it allows seven calls more than a plain container has', () => {
    const plain = allowed(deriveProfile(base, { withJail: false }));
    const more = [...allowed(derived)].filter((name) => !plain.has(name));
    assert.deepEqual(more.sort(), [
      'chroot',
      'clone',
      'mount',
      'pivot_root',
      'sethostname',
      'umount2',
      'unshare',
    ]);
    assert.equal(derived.defaultAction, 'SCMP_ACT_ERRNO');
    assert.deepEqual(derived.architectures, ['SCMP_ARCH_X86_64']);
  });
}
