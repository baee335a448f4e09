import { readFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { type Headers } from './harness/background';
import { describeBackends, type JobBackend, startBackend } from './harness/job-backends';
import { acceptedJob, endOf, pathOf } from './harness/jobs-client';
import { keyHeader, KeysFile } from './harness/keys-file';

const CONNECTIONS = 80;
/** An outcome of some 20 MB, as large as they come by default. */
const LARGE = {
  script:
    'def main():\n    for i in range(60): open(f"output/{i}", "w").write("x" * 130_000)\n' +
    '    print("\\x01" * 1_048_000)\n    return "x" * 4_194_000',
  // With it a script may open files.
  files: [{ name: 'a', text: '' }],
};
const OUTCOME_BYTES = 20_000_000;

/** The most memory that a process has had, bytes. */
function mostMemoryOf(pid: number): number {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

describeBackends('Outcomes that are asked for and not read', (withRedis) => {
  const file = new KeysFile();
  const attacker = keyHeader(file.add('attacker'));
  const victim = keyHeader(file.add('victim'));
  let backend: JobBackend;

  beforeAll(async () => {
    backend = await startBackend(withRedis, {
      API_KEYS_FILE: file.path,
      SCRIPT_TIMEOUT: '30',
      MAX_KEPT_MB: '256',
    });
  });

  afterAll(() => backend.stop());

  /** Asks, and reads nothing of the body. */
  function ask(id: string, headers: Headers): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const url = new URL(pathOf(id), backend.server.client.baseUrl);
      get(url, { headers, agent: false }, resolve).once('error', reject);
    });
  }

  async function bytesOf(answer: IncomingMessage): Promise<number> {
    let bytes = 0;
    for await (const piece of answer as AsyncIterable<Buffer>) {
      bytes += piece.length;
    }
    return bytes;
  }

  async function largeOneOf(headers: Headers): Promise<string> {
    const id = await acceptedJob(backend.server.client, LARGE, headers);
    expect(await endOf(backend.server.client, id, headers)).toMatchObject({ status: 'succeeded' });
    return id;
  }

  it('hold what three of them hold, for one caller; others get theirs', async () => {
    const [id, other] = [await largeOneOf(attacker), await largeOneOf(victim)];
    const before = mostMemoryOf(backend.server.pid);
    const asked = await Promise.all(Array.from({ length: CONNECTIONS }, () => ask(id, attacker)));
    const given = asked.filter(({ statusCode }) => statusCode === 200);
    const refused = asked.filter(({ statusCode }) => statusCode === 503);
    expect([given.length, refused.length]).toEqual([3, CONNECTIONS - 3]);
    expect(refused[0]?.headers['retry-after']).toBe('5');
    refused.forEach((answer) => answer.resume());
    const answer = await ask(other, victim);
    expect(answer.statusCode).toBe(200);
    expect(String(await bytesOf(answer))).toBe(answer.headers['content-length']);
    // All at once would hold 1.6 GB; what is read of Redis has a bound of its own.
    expect(mostMemoryOf(backend.server.pid) - before).toBeLessThan((CONNECTIONS / 4) * OUTCOME_BYTES);
    // Those that are read after all come whole, and make room.
    for (const late of given) {
      expect(await bytesOf(late)).toBeGreaterThan(OUTCOME_BYTES);
    }
    const again = await ask(id, attacker);
    expect(again.statusCode).toBe(200);
    expect(await bytesOf(again)).toBeGreaterThan(OUTCOME_BYTES);
  });
});
