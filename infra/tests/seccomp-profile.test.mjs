/** The committed profile is what derive.mjs makes of Debian's. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { DEBIAN_BASE, deriveProfile, PROFILE } from '../docker/seccomp/derive.mjs';

const NODES_COPY = new URL('../k8s/node-setup/pycell-seccomp.json', import.meta.url);
const read = (file) => JSON.parse(readFileSync(file, 'utf8'));
const skip = existsSync(DEBIAN_BASE) ? false : 'needs the package golang-github-containers-common';

function allowed({ syscalls }) {
  const free = syscalls.filter(({ action, args }) => action === 'SCMP_ACT_ALLOW' && !args);
  return new Set(free.flatMap(({ names }) => names));
}

test('the profile is what derive.mjs makes of Debian’s', { skip }, () => {
  assert.deepEqual(read(PROFILE), deriveProfile(read(DEBIAN_BASE)));
});

test('it allows seven calls more than a plain container has', { skip }, () => {
  const plain = allowed(deriveProfile(read(DEBIAN_BASE), { withJail: false }));
  const more = [...allowed(read(PROFILE))].filter((name) => !plain.has(name)).sort();
  assert.deepEqual(more, ['chroot', 'clone', 'mount', 'pivot_root', 'sethostname', 'umount2', 'unshare']);
});

test('it refuses by default, and 32-bit programs', () => {
  const { defaultAction, architectures } = read(PROFILE);
  assert.deepEqual([defaultAction, architectures], ['SCMP_ACT_ERRNO', ['SCMP_ARCH_X86_64']]);
});

test('nodes are given the same profile: kustomize reads no file outside of its folder', () => {
  assert.equal(readFileSync(NODES_COPY, 'utf8'), readFileSync(PROFILE, 'utf8'));
});
