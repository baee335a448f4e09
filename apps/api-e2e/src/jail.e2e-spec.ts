import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { ContainmentCase } from './containment/containment-case';
import { FILES } from './containment/files';
import { HOST_VIEW } from './containment/host-view';
import { PROCESSES } from './containment/processes';
import { SYSTEM_CALLS } from './containment/system-calls';
import { ApiServer } from './harness/api-server';
import { describeCloud } from './harness/jail-support';
import { markedScript } from './harness/marked-script';
import { descendantsOf } from './harness/processes';

const SECRET = 'SECRET-of-the-service';

describeCloud('A hostile script in the jail, with the policy off', () => {
  let server: ApiServer;

  beforeAll(async () => {
    server = await ApiServer.start({
      BUILD: 'cloud',
      SCRIPT_POLICY: 'off',
      SCRIPT_TIMEOUT: '4',
      MAX_THREADS: '8',
      SECRET,
    });
  });

  afterAll(() => server.stop());

  async function expectContained({ script, outcome }: ContainmentCase): Promise<void> {
    const { body } = await server.client.execute(script);
    if ('returns' in outcome) {
      expect({ code: body.code, error: body.error, result: body.result }).toEqual({
        result: outcome.returns,
      });
    } else {
      expect(outcome.fails).toContain(body.code);
      expect(body.error).toMatch(outcome.error ?? /./);
    }
  }

  describe.each([HOST_VIEW, FILES, PROCESSES, SYSTEM_CALLS].map((theme) => [theme.theme, theme] as const))(
    '%s',
    (_name, theme) => {
      it.each(theme.cases.map((entry) => [entry.name, entry] as const))('%s', (_case, entry) =>
        expectContained(entry),
      );
    },
  );

  describe('as the host sees it', () => {
    it('has no capability, no way to gain one, a filter, and a user that is not root', async () => {
      const run = markedScript('time.sleep(2)');
      const answer = server.client.execute(run.script);
      const { pid } = await run.running();
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      await answer;
      const field = (name: string): string =>
        new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1] ?? 'missing';
      expect(field('NoNewPrivs')).toBe('1');
      expect(field('Seccomp')).toBe('2');
      for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) {
        expect([set, field(set)]).toEqual([set, '0000000000000000']);
      }
      expect(field('Uid').split(/\s+/)).not.toContain('0');
      expect(field('Gid').split(/\s+/)).not.toContain('0');
      expect(field('Groups')).not.toMatch(/\b0\b/);
    });

    it('has namespaces of its own, all of them', async () => {
      const run = markedScript('time.sleep(2)');
      const answer = server.client.execute(run.script);
      const { pid } = await run.running();
      const names = ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'user', 'uts'];
      const shared = names.filter(
        (name) => readlinkSync(`/proc/${pid}/ns/${name}`) === readlinkSync(`/proc/self/ns/${name}`),
      );
      await answer;
      expect(shared).toEqual([]);
    });

    it('runs with no environment and no secret anywhere between the service and the script', async () => {
      const run = markedScript('time.sleep(2)');
      const answer = server.client.execute(run.script);
      await run.running();
      const below = descendantsOf(server.pid);
      const leaks = below.filter(({ pid }) => readFileSync(`/proc/${pid}/environ`, 'utf8').includes(SECRET));
      await answer;
      expect(below.length).toBeGreaterThan(0);
      expect(leaks).toEqual([]);
    });

    it('has another host name', async () => {
      const script = 'import os, socket\ndef main():\n    return [os.uname().nodename, socket.gethostname()]';
      const names = (await server.client.execute(script)).body.result as string[];
      expect(names).not.toContain(hostname());
    });
  });

  describe('meets nothing of another run', () => {
    const leave =
      'import time\ndef main():\n    for d in ("/tmp", "/dev/shm"): open(d + "/left", "w").write("x")\n';
    const look = 'import os\ndef main():\n    return [os.listdir(d) for d in ("/tmp", "/dev/shm", ".")]';

    it('no file of the previous one', async () => {
      expect((await server.client.execute(leave)).status).toBe(200);
      expect((await server.client.execute(look)).body.result).toEqual([[], [], []]);
    });

    it('no file of one that runs at the same time', async () => {
      const run = markedScript(
        'for d in ("/tmp", "/dev/shm"): open(d + "/left", "w").write("x")',
        'time.sleep(1)',
      );
      const answer = server.client.execute(run.script);
      await run.running();
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect((await server.client.execute(look)).body.result).toEqual([[], [], []]);
      expect((await answer).status).toBe(200);
    });

    it('no process of one that runs at the same time', async () => {
      const run = markedScript('time.sleep(1)');
      const answer = server.client.execute(run.script);
      await run.running();
      const script =
        'import os\ndef main():\n    found = []\n    for pid in range(1, 4000):\n        try:\n            os.kill(pid, 0)\n            found.append(pid)\n        except ProcessLookupError:\n            pass\n        except PermissionError:\n            found.append(pid)\n    return [p for p in found if p not in (1, os.getpid(), os.getppid())]';
      expect((await server.client.execute(script)).body.result).toEqual([]);
      expect((await answer).status).toBe(200);
    });

    it('no state of the interpreter: modules, patches, random numbers', async () => {
      const patch =
        'import builtins, json, random\nrandom.seed(1)\njson.dumps = None\nbuiltins.left = 1\ndef main():\n    return random.random()';
      const script =
        'import builtins, json, random\ndef main():\n    return [json.dumps is None, hasattr(builtins, "left"), random.random()]';
      const seeded = (await server.client.execute(patch)).body.result;
      const [first, second] = [await server.client.execute(script), await server.client.execute(script)];
      const [patched, left, number] = first.body.result as [boolean, boolean, number];
      expect([patched, left]).toEqual([false, false]);
      expect(number).not.toBe(seeded);
      expect(second.body.result).not.toEqual(first.body.result);
    });
  });

  it('leaves the service able to run the next script', async () => {
    expect((await server.client.execute('def main():\n    return "fine"')).body.result).toBe('fine');
  });
});
