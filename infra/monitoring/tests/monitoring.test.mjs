/** What watches over pycell, checked by promtool and against the metrics of a real service. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { parse } from 'yaml';
import { API_ANNOUNCEMENT, ROOT, ServiceProcess } from '../../../tools/services/service-process.cjs';
import { checkExpressions, promtool } from './promtool.mjs';

const METRICS_ANNOUNCEMENT = /^pycell metrics on (http:\/\/\S+)$/m;
const METRIC = /\b(?:pycell|process|nodejs)_[a-z0-9_]+/g;
const RECORDED = /\bpycell:[a-z0-9_:]+/g;
/** What a histogram's name has behind it in an expression. */
const PART_OF_HISTOGRAM = /_(bucket|sum|count)$/;

const read = (name) => readFileSync(join(ROOT, name), 'utf8');
const file = (name) => join(ROOT, 'infra/monitoring', name);

const rules = parse(read('infra/monitoring/rules.yaml')).groups.flatMap((group) => group.rules);
const alerts = rules.filter(({ alert }) => alert);
const dashboard = JSON.parse(read('infra/monitoring/grafana-dashboard.json'));
const metricsDocument = read('docs/metrics.md');
const runbook = read('docs/runbook.md');

/** As Grafana fills in what is its own. */
const inDashboard = dashboard.panels
  .flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
  .map((expr) => expr.replaceAll('$__rate_interval', '5m').replace(/\$(job|instance|key)\b/g, '.*'));
const inDocuments = [metricsDocument, runbook].flatMap((text) =>
  Array.from(text.matchAll(/```promql\n([^]*?)```/g), ([, expr]) => expr),
);

/** What a service with everything on tells of itself that has executed something; its names of metrics, with those of who sends callbacks. Their Redis is not there. */
let scrape;
let names;

const COMMON = {
  HOST: '127.0.0.1',
  PORT: '0',
  METRICS_PORT: '0',
  REDIS_URL: 'redis://127.0.0.1:1',
  LOG_LEVEL: 'error',
};
const SENDER = {
  ROLE: 'callbacks',
  CALLBACK_HOSTS: 'hooks.example.org',
  CALLBACK_SECRET: randomBytes(32).toString('base64'),
};

/** Scrapes a service once it has started, and `use` has used it. */
async function scrapeOf(environment, use = () => undefined) {
  const service = new ServiceProcess({
    script: 'dist/apps/api/main.js',
    installation: ROOT,
    environment: { ...COMMON, ...environment },
  });
  try {
    const metrics = await service.announced(METRICS_ANNOUNCEMENT);
    await use(service);
    return await (await fetch(metrics)).text();
  } finally {
    await service.stop();
  }
}

before(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pycell-monitoring-'));
  const key = `pycell_${randomBytes(32).toString('base64url')}`;
  const sha256 = [createHash('sha256').update(key).digest('hex')];
  const keys = join(folder, 'keys.json');
  writeFileSync(keys, JSON.stringify({ keys: [{ name: 'shop', sha256 }] }));
  try {
    scrape = await scrapeOf(
      { BUILD: 'local', METRICS_BY_KEY: 'true', API_KEYS_FILE: keys },
      async (service) => {
        const executed = await fetch(`${await service.announced(API_ANNOUNCEMENT)}/execute`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', 'X-API-Key': key },
          body: JSON.stringify({ script: 'def main(): return 1' }),
        });
        assert.equal(executed.status, 200, await executed.text());
      },
    );
    const ofBoth = `${scrape}${await scrapeOf(SENDER)}`;
    names = [...new Set(Array.from(ofBoth.matchAll(/^# TYPE (\S+)/gm), ([, name]) => name))];
  } finally {
    rmSync(folder, { recursive: true });
  }
});

after(() => assert.ok(names.length > 40, 'the service has metrics'));

/** The metrics that an expression names and that the service does not have, recorded ones that no rule records. */
function unknownIn(expressions) {
  const recorded = rules.map(({ record }) => record);
  return expressions.flatMap((expr) => [
    ...(expr.match(METRIC) ?? []).filter(
      (name) => !names.includes(name) && !names.includes(name.replace(PART_OF_HISTOGRAM, '')),
    ),
    ...(expr.match(RECORDED) ?? []).filter((name) => !recorded.includes(name)),
  ]);
}

test('a scrape is what Prometheus reads, and named as it advises', () => {
  promtool(['check', 'metrics'], scrape);
});

test('the rules and the example of a configuration are valid', () => {
  promtool(['check', 'rules', file('rules.yaml')]);
  promtool(['check', 'config', file('prometheus.yaml')]);
});

test('the alerts fire when they should, and not before', () => {
  promtool(['test', 'rules', file('rules.test.yaml')]);
});

test('each alert has cases in which it fires and in which it does not', () => {
  // By their names: that the service which is well has no alert says nothing of one of them.
  const cases = parse(read('infra/monitoring/rules.test.yaml')).tests;
  const firesIn = ({ alert_rule_test: looks }, alert) =>
    looks
      .filter(({ alertname }) => alertname === alert)
      .map(({ exp_alerts: expected }) => expected.length > 0);
  for (const { alert } of alerts) {
    const firing = cases.filter(({ name }) => name.startsWith(`${alert} fires: `));
    assert.ok(firing.length > 0, `${alert} fires in no case`);
    for (const each of firing) {
      assert.deepEqual([...new Set(firesIn(each, alert))].sort(), [false, true], each.name);
    }
    const silent = cases.filter(({ name }) => name.startsWith(`${alert} is silent: `));
    assert.ok(silent.length > 0, `${alert} fires in every case`);
    for (const each of silent) {
      assert.deepEqual([...new Set(firesIn(each, alert))], [false], each.name);
    }
  }
  const well = cases.at(-1).alert_rule_test.map(({ alertname }) => alertname);
  assert.deepEqual(
    well,
    alerts.map(({ alert }) => alert),
  );
});

test('each alert says how long, how bad and what, and has its entry in the runbook', () => {
  const entries = Array.from(runbook.matchAll(/^## (Pycell\w+)$/gm), ([, name]) => name);
  assert.deepEqual(
    entries,
    alerts.map(({ alert }) => alert),
  );
  for (const { alert, for: duration, labels, annotations } of alerts) {
    assert.match(duration, /^\d+m$/, alert);
    assert.match(labels.severity, /^(critical|warning|info)$/, alert);
    assert.ok(annotations.summary.endsWith('.'), alert);
    assert.equal(annotations.runbook_url, `docs/runbook.md#${alert.toLowerCase()}`);
  }
});

test('every expression of the dashboard and of the documents can be read', () => {
  assert.ok(inDashboard.length > 25 && inDocuments.length > 4);
  checkExpressions([...inDashboard, ...inDocuments]);
});

test('every metric that rules, dashboard and documents name exists', () => {
  const expressions = [...rules.map(({ expr }) => expr), ...inDashboard, ...inDocuments];
  assert.deepEqual(unknownIn(expressions), []);
  assert.deepEqual(unknownIn(['rate(pycell_nothing_total[5m]) + pycell:nothing']), [
    'pycell_nothing_total',
    'pycell:nothing',
  ]);
  const told = [metricsDocument, runbook].flatMap((text) => text.match(METRIC) ?? []);
  assert.deepEqual(unknownIn(told), []);
});

test('every metric of the service is documented', () => {
  assert.deepEqual(
    names.filter((name) => !metricsDocument.includes(`\`${name}\``)),
    [],
  );
});

test('the dashboard shows the chosen instances of pycell, and no others', () => {
  const variables = Object.fromEntries(dashboard.templating.list.map((each) => [each.name, each]));
  // With an `allValue` of its own "All" would be whatever has the label, not what is listed.
  assert.equal(variables.job.allValue, undefined);
  assert.equal(variables.instance.allValue, undefined);
  assert.equal(variables.instance.query.query, 'label_values(pycell_build_info{job=~"$job"}, instance)');
  const OWN = 'and on (job, instance) pycell_build_info{job=~"$job", instance=~"$instance"}';
  const foreign = dashboard.panels
    .flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
    .filter((expr) => /\b(process|nodejs)_/.test(expr));
  assert.ok(foreign.length > 3);
  assert.deepEqual(
    foreign.filter((expr) => !expr.includes(OWN)),
    [],
  );
});

test('the dashboard is one for Grafana 11, whose panels ask the chosen data source', () => {
  assert.ok(dashboard.schemaVersion >= 39);
  const variables = dashboard.templating.list.map(({ name }) => name);
  assert.deepEqual(variables, ['datasource', 'job', 'instance', 'key']);
  const asked = dashboard.panels.flatMap(({ targets = [], datasource }) =>
    targets.map(() => datasource?.uid),
  );
  assert.deepEqual([...new Set(asked)], ['${datasource}']);
  const ids = dashboard.panels.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
});
