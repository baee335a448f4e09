import { shuffled } from '../../../tools/prove/seed.cjs';
import { ApiServer } from './harness/api-server';
import { CountedOutcomes } from './harness/counted-outcomes';
import type { HttpClient } from './harness/http-client';
import { describeCloud } from './harness/jail-support';
import { executeWith, keyHeader, KeysFile, newKey } from './harness/keys-file';
import { chooseSeed, seededRandom } from './harness/sampling';
import { Scrape } from './harness/scrape';
import { clientsOf, COUNTED_SERVICE, times, type Work, workOff } from './harness/working-clients';

const HELLO = 'def main(name="Ada"):\n    return f"Hello {name}"';
const FAILING = [
  'def main(): return 1 / 0',
  'def main(: pass',
  'import os\ndef main(): return os.getcwd()',
  'import sys\ndef main(): sys.exit(3)',
  'def main(): return object()',
  `# ${'x'.repeat(10_000)}`,
];

describeCloud('The metrics of a service by key', () => {
  let server: ApiServer;
  let clients: readonly HttpClient[];

  afterAll(async () => {
    clients.forEach((client) => client.close());
    await server.stop();
  });

  it('agree by key with what each client was told, to the run: who is refused among those who are not', async () => {
    const file = new KeysFile();
    const rated = 20;
    const headers: Readonly<Record<string, Readonly<Record<string, string>>>> = {
      shop: keyHeader(file.add('shop')),
      school: keyHeader(file.add('school', { rate: { requests: rated, seconds: 3_600 } })),
      lab: keyHeader(file.add('lab')),
      disabled: keyHeader(file.add('disabled', { disabled: true })),
      unknown: keyHeader(newKey()),
      none: {},
    };
    server = await ApiServer.start({
      ...COUNTED_SERVICE,
      API_KEYS_FILE: file.path,
      METRICS_BY_KEY: 'true',
    });
    clients = clientsOf(server.client.baseUrl);
    const told = new Map(Object.keys(headers).map((name) => [name, new CountedOutcomes()]));
    const failures = new CountedOutcomes();
    const known = ['shop', 'school', 'lab'];
    /** A wrong key is nobody's. */
    const labelOf = (name: string): string => (known.includes(name) ? name : '');
    const OF_REQUESTS = ['UNAUTHENTICATED', 'FORBIDDEN', 'RATE_LIMITED', 'INVALID_REQUEST'];
    const ask =
      (name: string, script: unknown): Work =>
      async (client) => {
        const { body } = await executeWith(client, headers[name] ?? {}, script as string);
        if (OF_REQUESTS.includes(body.code)) {
          failures.count(`${labelOf(name)} ${body.code}`);
        } else {
          told.get(name)?.note('call', body);
        }
      };
    const BURNS = 'def main():\n    return sum(n * n for n in range(100_000))';
    const works = [
      ...known.flatMap((name) => [
        ...times(40, ask(name, HELLO)),
        ...times(5, ask(name, 1)),
        ...FAILING.map((script) => ask(name, script)),
      ]),
      ...times(40, ask('shop', BURNS)),
      ...['disabled', 'unknown', 'none'].flatMap((name) => times(10, ask(name, HELLO))),
    ];
    await workOff(clients, shuffled(works, seededRandom(chooseSeed())), new CountedOutcomes());

    const scrape = await Scrape.of(server);
    const executions = [...told].flatMap(([name, { counts }]) =>
      Object.entries(counts).map(([label, count]) => [label.replace('call', labelOf(name)), count]),
    );
    expect(scrape.counts('pycell_key_executions_total')).toEqual(Object.fromEntries(executions));
    expect(scrape.counts('pycell_key_request_failures_total')).toEqual(failures.counts);
    expect(failures.counts).toMatchObject({
      ' UNAUTHENTICATED': 20,
      ' FORBIDDEN': 10,
      'school RATE_LIMITED': 45 + FAILING.length - rated,
      'shop INVALID_REQUEST': 5,
    });
    for (const name of known) {
      const { reports = 0, cpuSeconds = 0, memoryByteSeconds = 0 } = told.get(name) ?? {};
      expect(scrape.sum('pycell_key_runs_total', { key: name })).toBe(reports);
      const off = [
        scrape.sum('pycell_key_cpu_seconds_total', { key: name }) - cpuSeconds,
        (scrape.sum('pycell_key_memory_byte_seconds_total', { key: name }) - memoryByteSeconds) / 1e9,
      ];
      expect(off.map((difference) => Math.abs(difference) <= reports * 1e-6)).toEqual([true, true]);
    }
    expect(told.get('shop')?.reports).toBeGreaterThan(80);
    for (const name of ['runs', 'run_cpu_seconds', 'run_memory_byte_seconds']) {
      const byKey = scrape.sum(`pycell_key_${name.replace('run_', '')}_total`);
      expect(Math.abs(byKey / scrape.sum(`pycell_${name}_total`) - 1)).toBeLessThan(1e-9);
    }
    file.dispose();
  }, 120_000);
});
