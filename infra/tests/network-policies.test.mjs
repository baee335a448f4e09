/** Who may reach whom where each role is a Deployment: what each needs, and nothing more. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { BlockList, isIPv6 } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse, parseAllDocuments } from 'yaml';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const OVERLAY = join(ROOT, 'infra/k8s/overlays/example-scale');
const hasKubectl = spawnSync('kubectl', ['version', '--client']).status === 0 || process.env.CI === 'true';
const skip = hasKubectl ? false : 'kubectl 1.27 or newer builds kustomizations';

const documents = hasKubectl
  ? parseAllDocuments(execFileSync('kubectl', ['kustomize', OVERLAY], { encoding: 'utf8' })).map((one) =>
      one.toJS(),
    )
  : [];
const ofKind = (wanted) => documents.filter(({ kind }) => kind === wanted);
const nameOf = ({ metadata }) => metadata.name;
const POD = 'app.kubernetes.io/name';

/** One side of a rule, shortened: `pod redis`, `namespaces pycell-client`, `world`, each with its ports. */
function sidesOf(rules, side) {
  return rules.flatMap(({ ports = [{ port: 'any' }], [side]: peers = [{ anybody: true }] }) => {
    const suffix = ports.map(({ port, protocol = 'TCP' }) => `${port}/${protocol}`).join(' ');
    return peers.map((peer) => `${shorten(peer)} ${suffix}`);
  });
}

function shorten({ podSelector, namespaceSelector, ipBlock, anybody }) {
  if (anybody) return 'anybody';
  if (ipBlock) return 'world';
  const labels = { ...podSelector?.matchLabels, ...namespaceSelector?.matchLabels };
  const several =
    podSelector?.matchExpressions?.flatMap(({ key, values }) => (key === POD ? values : key)) ?? [];
  const names = Object.entries(labels).map(([key, value]) => (value === 'true' ? key : value));
  return [...names, ...several].join(' ') || 'anybody';
}

/** The resolver comes with Redis and once more with the collector. */
const NEEDED = ['kube-dns 53/UDP 53/TCP', 'opentelemetry-collector 4318/TCP', 'redis 6379/TCP'];
const METRICS = 'pycell-metrics 9464/TCP';
const EXPECTED = {
  'pycell-api': { from: ['pycell-console 8080/TCP', 'pycell-client 8080/TCP', METRICS], to: NEEDED },
  'pycell-worker': { from: [METRICS], to: NEEDED },
  'pycell-callbacks': { from: [METRICS], to: [...NEEDED, 'world 443/TCP'] },
  'pycell-console': {
    from: ['pycell-client 3000/TCP'],
    to: ['pycell-api 8080/TCP', 'anybody 53/UDP 53/TCP'],
  },
  redis: { from: ['pycell-api pycell-worker pycell-callbacks 6379/TCP'], to: [] },
};

test('every pod has a policy in both directions, and it is the one that is listed here', { skip }, () => {
  const pods = [...ofKind('Deployment'), ...ofKind('StatefulSet')].map(nameOf).sort();
  assert.deepEqual(pods, Object.keys(EXPECTED).sort());
  const found = {};
  for (const { metadata, spec } of ofKind('NetworkPolicy')) {
    assert.deepEqual(spec.podSelector, { matchLabels: { [POD]: metadata.name } });
    assert.deepEqual(spec.policyTypes, ['Ingress', 'Egress'], metadata.name);
    const unique = (sides) => [...new Set(sides)].sort();
    found[metadata.name] = {
      from: unique(sidesOf(spec.ingress, 'from')),
      to: unique(sidesOf(spec.egress, 'to')),
    };
  }
  const sorted = ([name, { from, to }]) => [name, { from: [...from].sort(), to: [...to].sort() }];
  assert.deepEqual(found, Object.fromEntries(Object.entries(EXPECTED).map(sorted)));
});

/** Whether the blocks of an egress take an address. */
function isOpen(address) {
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  const policy = ofKind('NetworkPolicy').find((one) => nameOf(one) === 'pycell-callbacks');
  const blocks = policy.spec.egress.flatMap(({ to }) => to).flatMap(({ ipBlock }) => ipBlock ?? []);
  const within = (cidr) => {
    const [network, bits] = cidr.split('/');
    const list = new BlockList();
    list.addSubnet(network, Number(bits), isIPv6(network) ? 'ipv6' : 'ipv4');
    return isIPv6(network) === (family === 'ipv6') && list.check(address, family);
  };
  return blocks.some(({ cidr, except }) => within(cidr) && !except.some(within));
}

const PUBLIC = [
  '1.1.1.1',
  '93.184.215.14',
  '172.15.0.1',
  '172.32.0.1',
  '2606:4700::1111',
  '2a00:1450:4001::1',
];
const NOT_PUBLIC = [
  ...['0.0.0.1', '10.1.2.3', '100.64.0.1', '127.0.0.1', '169.254.169.254', '172.16.0.1', '172.31.255.255'],
  ...[
    '192.168.1.1',
    '192.0.2.1',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '255.255.255.255',
  ],
  ...['::1', '::', 'fe80::1', 'fc00::1', 'fd00:ec2::254', 'ff02::1', '64:ff9b::a00:1', '::ffff:10.0.0.1'],
  ...['2002:a00:1::1', '2001::1', '2001:db8::1', '3fff::1', '100::1'],
];

test('callbacks may go to what is public, and to nothing else', { skip }, () => {
  assert.deepEqual(
    PUBLIC.filter((address) => !isOpen(address)),
    [],
  );
  assert.deepEqual(NOT_PUBLIC.filter(isOpen), []);
});

test('each role that can be drained has a budget, and what scales is what there is', { skip }, () => {
  const budgets = ofKind('PodDisruptionBudget').map(nameOf).sort();
  assert.deepEqual(budgets, ofKind('Deployment').map(nameOf).sort());
  const scaled = [...ofKind('HorizontalPodAutoscaler'), ...ofKind('ScaledObject')];
  const byAutoscaler = scaled.map(({ spec }) => spec.scaleTargetRef.name).sort();
  const withoutReplicas = ofKind('Deployment').filter(({ spec }) => spec.replicas === undefined);
  assert.deepEqual(byAutoscaler, withoutReplicas.map(nameOf).sort());
});

test('the time that a pod has for its end is enough for its own', { skip }, () => {
  for (const { metadata, spec } of ofKind('Deployment')) {
    const [{ env, lifecycle }] = spec.template.spec.containers;
    const seconds = (name) => Number(env.find((one) => one.name === name)?.value ?? 0);
    const needed =
      (lifecycle?.preStop.sleep.seconds ?? 0) + seconds('SHUTDOWN_DELAY') + seconds('SHUTDOWN_GRACE') + 4;
    assert.ok(spec.template.spec.terminationGracePeriodSeconds > needed, metadata.name);
  }
});

const compose = parse(readFileSync(join(ROOT, 'infra/compose/scale.yaml'), 'utf8'), { merge: true });

test('Compose: only callbacks, balancer and console are in a network that has a way out', () => {
  assert.equal(compose.networks.inside.internal, true);
  const networks = Object.entries(compose.services).map(([name, one]) => [
    name,
    Array.isArray(one.networks) ? one.networks : Object.keys(one.networks),
  ]);
  assert.deepEqual(Object.fromEntries(networks), {
    api: ['inside'],
    worker: ['inside'],
    callbacks: ['inside', 'outside'],
    redis: ['inside'],
    balancer: ['inside', 'outside'],
    console: ['outside'],
  });
});

test('Compose: an address that a service is given is none that Docker hands out to another', () => {
  const withDefaults = (text) => text.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1');
  const taken = Object.values(compose.services).flatMap(({ networks }) =>
    Object.entries(networks).flatMap(([network, given]) =>
      given?.ipv4_address ? [[network, withDefaults(given.ipv4_address)]] : [],
    ),
  );
  assert.equal(taken.length, 3);
  for (const [network, address] of taken) {
    const [{ subnet, ip_range: range, gateway }] = compose.networks[network].ipam.config;
    const blockOf = (cidr) => {
      const [start, bits] = withDefaults(cidr).split('/');
      const list = new BlockList();
      list.addSubnet(start, Number(bits), 'ipv4');
      return list;
    };
    assert.ok(blockOf(subnet).check(address), address);
    assert.ok(!blockOf(range ?? subnet).check(address), `${address} of ${network}`);
    assert.notEqual(address, withDefaults(gateway));
  }
});

test('Compose: keys are for API and workers, the secret of callbacks and a way out for their sender', () => {
  const keys = parse(readFileSync(join(ROOT, 'infra/compose/scale-keys.yaml'), 'utf8'), { merge: true });
  assert.deepEqual(Object.keys(keys.services), ['api', 'worker']);
  for (const { environment, volumes } of Object.values(keys.services)) {
    assert.equal(environment.REQUIRE_API_KEY, 'true');
    assert.equal(environment.API_KEYS_FILE, '/etc/pycell/keys/keys.json');
    assert.match(volumes.join(), /:\/etc\/pycell\/keys:ro$/);
  }
  const { callbacks, ...others } = compose.services;
  // Without CALLBACK_HOSTS it does not start, and would be started again for ever.
  assert.deepEqual(callbacks.profiles, ['callbacks']);
  assert.ok('CALLBACK_SECRET' in callbacks.environment);
  for (const [name, { environment, profiles }] of Object.entries(others)) {
    assert.deepEqual([profiles, environment?.CALLBACK_SECRET], [undefined, undefined], name);
  }
});

test('Compose: the time that a container has for its end is enough for its own', () => {
  const { environment, stop_grace_period: given } = compose.services.api;
  const byDefault = (name) => Number(/:-(\d+)\}$/.exec(environment[name])[1]);
  const needed = byDefault('SHUTDOWN_DELAY') + byDefault('SHUTDOWN_GRACE') + 4;
  assert.ok(parseInt(given) > needed);
});
