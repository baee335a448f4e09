import { ApiServer } from './harness/api-server';
import {
  installNpmClients,
  installPythonClients,
  runNpmClient,
  runPythonClient,
} from './harness/foreign-clients';
import { describeCloud } from './harness/jail-support';
import { KeysFile } from './harness/keys-file';

const INSTALL_MS = 300_000;

interface PistonAnswer {
  readonly language: string;
  readonly version: string;
  readonly run: {
    readonly stdout: string;
    readonly stderr: string;
    readonly code: number | null;
    readonly signal: string | null;
  };
}

interface PistonGot {
  readonly version: string;
  readonly runtimes: readonly { readonly language: string; readonly version: string }[];
  readonly unknown: {
    readonly success?: boolean;
    readonly message?: string;
    readonly error?: { readonly message: string };
  };
  readonly pandasMs: readonly number[];
  readonly [name: string]: unknown;
}

interface Judge0Told {
  readonly status: number;
  readonly stdout: string | null;
  readonly stderr: string | null;
  readonly exit_code: number | null;
  readonly token: string;
}

/** One line for each client, from which docs/interfaces.md has its table. Times in milliseconds. */
function tell(name: string, version: unknown, pandasMs: readonly number[]): void {
  const sorted = [...pandasMs].sort((one, other) => one - other);
  const median = sorted[Math.floor(sorted.length / 2)] ?? NaN;
  const { assertionCalls } = expect.getState();
  process.stdout.write(
    `${name} ${String(version)}: ${assertionCalls} checks, pandas in ${median.toFixed(1)} ms (p50)\n`,
  );
}

describeCloud('The clients of others, unmodified', () => {
  const file = new KeysFile();
  const key = file.add('judge');
  file.add('anybody');
  let server: ApiServer;

  beforeAll(async () => {
    await Promise.all([installNpmClients(), installPythonClients()]);
    server = await ApiServer.start({
      BUILD: 'cloud',
      INTERFACES: 'piston,judge0',
      API_KEYS_FILE: file.path,
      // piston-client knows no keys.
      INTERFACE_KEYS: 'piston=anybody',
    });
  }, INSTALL_MS);

  afterAll(async () => {
    await server.stop();
    file.dispose();
  });

  it('piston-client 1.0.2 runs Python here, with another address', async () => {
    const got = await runNpmClient<PistonGot>('piston.mjs', { SERVER: server.client.baseUrl });
    const of = (name: string) => got[name] as PistonAnswer;
    expect(got.version).toBe('1.0.2');
    expect(got.runtimes).toEqual([
      expect.objectContaining({ language: 'python', version: of('hello').version }),
    ]);
    expect(of('hello').run).toMatchObject({ stdout: 'hello\n', code: 0 });
    expect(of('pinned').run.stdout).toBe('in\n');
    expect(of('args').run.stdout).toBe("['a', 'b']\n");
    expect(of('files').run.stdout).toBe('42\n');
    expect(of('raised').run).toMatchObject({ code: 1 });
    expect(of('raised').run.stderr).toContain('ZeroDivisionError');
    expect(of('timedOut').run).toMatchObject({ code: null, signal: 'SIGKILL' });
    expect(JSON.stringify(got.unknown)).toContain('javascript-* runtime is unknown');
    tell('piston-client', got.version, got.pandasMs);
  });

  it('judge0 0.0.8 judges Python here, with another address', async () => {
    const endpoint = server.client.baseUrl.replace(/\/$/, '');
    const got = await runPythonClient<Readonly<Record<string, unknown>>>('judge0_client.py', {
      JUDGE0_CE_ENDPOINT: endpoint,
      JUDGE0_CE_AUTH_HEADERS: JSON.stringify({ 'X-Auth-Token': key }),
      JUDGE0_EXTRA_CE_ENDPOINT: endpoint,
      JUDGE0_EXTRA_CE_AUTH_HEADERS: JSON.stringify({ 'X-RapidAPI-Key': key }),
    });
    const of = (name: string) => got[name] as Judge0Told;
    const all = (name: string) =>
      (got[name] as readonly Judge0Told[]).map(({ status, stdout }) => [status, stdout]);
    expect(got).toMatchObject({ version: '0.0.8', statuses: 14, batch: 20, begun: false });
    expect(got['language']).toMatch(/^Python \(3\./);
    expect(of('hello')).toMatchObject({ status: 3, stdout: 'hello\n', exit_code: 0 });
    expect(all('names')).toEqual(Array(5).fill([3, 'x\n']));
    expect(of('extra')).toMatchObject({ status: 3, stdout: 'extra\n' });
    expect(of('explicit')).toMatchObject({ status: 3, stdout: 'explicit\n' });
    expect(of('input').stdout).toBe('hello, Ada\n');
    expect(all('cases')).toEqual([
      [3, 'Hello, tuple!\n'],
      [3, 'Hello, case!\n'],
      [4, 'Hello, list!\n'],
    ]);
    expect(all('submissions')).toEqual([
      [3, '0\n'],
      [3, '1\n'],
      [4, '2\n'],
      [4, '3\n'],
    ]);
    expect(of('late')).toMatchObject({ status: 3, stdout: 'late\n' });
    expect(of('raised')).toMatchObject({ status: 11, exit_code: 1 });
    expect(of('raised').stderr).toContain('ZeroDivisionError');
    expect(of('timed_out').status).toBe(5);
    expect(got['unsupported']).toMatch(/not support/);
    tell('judge0', got['version'], got['pandas_ms'] as readonly number[]);
  });
});
