import { spawnSync } from 'node:child_process';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DEFAULT_LIMITS } from '@pycell/contracts';
import { ApiServer, type Environment } from './harness/api-server';
import { describeCloud } from './harness/jail-support';
import { main } from './self-test/main';

/** Runs the command; returns how it exits, and what it says where. */
async function selfTest(...args: string[]): Promise<{ exit: number; report: string; progress: string }> {
  let [report, progress] = ['', ''];
  const exit = await main(args, {
    report: (text) => (report += text),
    progress: (text) => (progress += `${text}\n`),
  });
  return { exit, report, progress };
}

describeCloud('npm run selftest, of a service in a jail,', () => {
  async function reportOn(environment: Environment, ...args: string[]) {
    const server = await ApiServer.start({ BUILD: 'cloud', ...environment });
    try {
      return await selfTest('--url', server.client.baseUrl, ...args);
    } finally {
      await server.stop();
    }
  }

  it.each<[string, Environment]>([
    ['with default settings', {}],
    ['with JAIL_PER_RUN', { JAIL_PER_RUN: 'true' }],
  ])(
    'finds that every attempt is held by the jail, though the policy is on (%s)',
    async (_name, environment) => {
      const { exit, report } = await reportOn(environment);
      expect(report).not.toMatch(/BREACHED|: the run ended/);
      expect(report).toMatch(
        /^isolation nsjail.*, Python 3\.\d+\.\d+, script policy enforce, own self-test passed/m,
      );
      expect(report).toMatch(/^ {2}no capability +held by the jail$/m);
      expect(report).toMatch(
        /^(\d{2}) attempts: \d{2} held by the jail, 3 held by the policy, 0 breached, 0 unproved$/m,
      );
      expect(report).toMatch(/^Verdict: held: no attempt succeeded\.$/m);
      expect(exit).toBe(0);
    },
  );

  it('reports to programs as JSON', async () => {
    const { exit, report } = await reportOn({ SCRIPT_POLICY: 'off' }, '--json');
    const found = JSON.parse(report) as { attempts: { verdict: string }[] };
    expect(found).toMatchObject({ exitCode: 0, service: { isolation: 'nsjail', scriptPolicy: 'off' } });
    expect(new Set(found.attempts.map(({ verdict }) => verdict))).toEqual(new Set(['held by the jail']));
    expect(exit).toBe(0);
  });
});

describe('npm run selftest', () => {
  it('says plainly that a local service is not isolated, and tries nothing on it', async () => {
    const server = await ApiServer.start({ BUILD: 'local' });
    const { exit, report } = await selfTest('--url', server.client.baseUrl);
    await server.stop();
    expect(report).toMatch(/^Verdict: not isolated: for development\./m);
    expect(report).toMatch(/^0 attempts/m);
    expect(exit).toBe(1);
  });

  it('exits with 2 and one sentence where nothing listens, as a command of its own too', async () => {
    const said = 'http://127.0.0.1:9 does not answer: ';
    expect(await selfTest('--url', 'http://127.0.0.1:9')).toMatchObject({
      exit: 2,
      report: '',
      progress: expect.stringContaining(said),
    });
    const command = join(__dirname, '..', 'self-test.mjs');
    // As built: Nx empties the folders of a build before it fills them anew, and other suites start servers from there.
    const args = [command, '--as-built', '--url', 'http://127.0.0.1:9'];
    const done = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect(done).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining(said) });
  });

  it.each([
    [[], '--url is missing'],
    [['--url', 'ftp://example.org'], 'is no http or https address'],
    [['--url', 'http://127.0.0.1:9', '--header', 'a key'], 'not of the form "NAME: VALUE"'],
    [['--what'], "Unknown option '--what'"],
  ])('exits with 2 and its usage for %j', async (args, said) => {
    const { exit, progress } = await selfTest(...args);
    expect(progress).toContain(said);
    expect(progress).toContain('Usage: npm run selftest');
    expect(exit).toBe(2);
  });
});

/** A service that claims to be a pycell with a jail, and answers scripts by `answer`. */
class Impostor {
  readonly seen: IncomingMessage[] = [];
  private readonly server: Server;

  constructor(answer: (script: string) => { status?: number; body: object }) {
    const described = {
      ...{ name: 'pycell', version: '9.9.9\u001b[2J', environment: 'cloud', isolation: 'nsjail' },
      ...{ python: { version: '3.11.7', packages: [], modules: [] }, scriptPolicy: { mode: 'enforce' } },
      ...{ limits: DEFAULT_LIMITS, selfTest: { passed: true, at: null, checks: [] } },
    };
    this.server = createServer((request, response) => {
      this.seen.push(request);
      let text = '';
      request.on('data', (piece: Buffer) => (text += piece.toString()));
      request.on('end', () => {
        const { status = 200, body } =
          request.method === 'GET'
            ? { body: described }
            : answer((JSON.parse(text) as { script: string }).script);
        response.writeHead(status, { 'Content-Type': 'application/json', 'Retry-After': '0.01' });
        response.end(JSON.stringify(body));
      });
    });
  }

  async test(...args: string[]) {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    try {
      return await selfTest(
        '--url',
        `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`,
        ...args,
      );
    } finally {
      this.server.closeAllConnections();
      this.server.close();
    }
  }
}

const isHarmless = (script: string): boolean => script.includes('return 1\n');
const answered = (script: string, body: object) => ({ body: isHarmless(script) ? { result: 1 } : body });

describe('npm run selftest, of a service that is not what it says,', () => {
  it('calls a breach what a script could do or see, and does not show what it saw', async () => {
    const leaking = new Impostor((script) => answered(script, { result: 'SECRET-of-the-host' }));
    const { exit, report } = await leaking.test();
    expect(report).toMatch(/^ {2}no environment but two constants, in Python and in C +BREACHED: /m);
    expect(report).toMatch(/^Verdict: BREACHED: (\d+) of \1 attempts succeeded\./m);
    expect(report).not.toContain('SECRET');
    expect(report).not.toContain('\u001b');
    expect(exit).toBe(1);
  });

  it('tells an attempt that only the policy has held from one that the jail has', async () => {
    const refusing = new Impostor((script) => answered(script, { code: 'POLICY_VIOLATION', error: 'no' }));
    const { exit, report } = await refusing.test();
    expect(report).toMatch(/^ {2}no capability +held by the policy \(jail not asked\)$/m);
    expect(report).toMatch(/ 0 held by the jail, /);
    expect(report).toMatch(/^Verdict: held by the policy only/m);
    expect(exit).toBe(0);
  });

  it.each<[string, { status?: number; code?: string; error?: string; nonsense?: true }, RegExp]>([
    [
      'fails',
      { code: 'SCRIPT_CRASHED', error: 'the interpreter ended' },
      /: the run ended as SCRIPT_CRASHED/,
    ],
    [
      'is refused a place',
      { code: 'QUEUE_FULL', error: 'full', status: 503 },
      /answered with 503\. It is busy/,
    ],
    ['gets nonsense', { nonsense: true }, /answered with 200\./],
  ])(
    'does not count as held what %s',
    async (_what, { status, ...body }: { status?: number; code?: string }, said) => {
      const failing = new Impostor((script) => ({
        ...answered(script, body),
        ...(status && !isHarmless(script) && { status }),
      }));
      const { exit, report } = await failing.test();
      expect(report).toMatch(said);
      expect(report).toMatch(/^Verdict: not proved: /m);
      expect(exit).toBe(2);
    },
  );

  it('is not content with a service that runs nothing', async () => {
    const idle = new Impostor(() => ({ body: { code: 'SCRIPT_CRASHED', error: 'no' } }));
    const { exit, progress } = await idle.test();
    expect(progress).toContain('does not run a harmless script: it answered SCRIPT_CRASHED');
    expect(exit).toBe(2);
  });

  it('sends what --header says with every request', async () => {
    const asking = new Impostor((script) => answered(script, { code: 'POLICY_VIOLATION', error: 'no' }));
    await asking.test('--header', 'X-API-Key: k-1', '--header', 'X-Other: 2');
    expect(
      new Set(asking.seen.map(({ headers }) => [headers['x-api-key'], headers['x-other']].join(' '))),
    ).toEqual(new Set(['k-1 2']));
  });
});
