import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { describeContainment, HOSTILE_SETTINGS } from './containment';
import { describeSweep, SWEEP_SETTINGS } from './sweep';
import { type ApiServer } from '../harness/api-server';
import type { JailMode } from '../harness/jail-modes';
import { markedScript } from '../harness/marked-script';
import { descendantsOf, isRunning } from '../harness/processes';

const SECRET = 'SECRET-of-the-service';

/** Looks through the process's memory for what another run has kept, and for something that must be there. */
const MEMORY_SCAN = `
import ctypes, os, re, sys
libc = ctypes.CDLL(None)
other, own = re.compile(b"[z]ebra-[7]4[0-9][0-9]"), re.compile(b"[o]wn-mark-[7]")
def main():
    kept = "own-mark-" + str(7)
    file = os.open("/tmp/scan", os.O_RDWR | os.O_CREAT)
    addresses = sorted({id(thing) >> 26 for module in list(sys.modules.values()) + [kept] for thing in (module, *getattr(module, "__dict__", {}).values())})
    found, mine, step = 0, False, 1 << 18
    for place in addresses:
        for address in range(place << 26, place + 1 << 26, step):
            size = libc.pwrite(file, ctypes.c_void_p(address), ctypes.c_size_t(step), ctypes.c_long(0))
            if size > 0:
                data = os.pread(file, size, 0)
                found += len(other.findall(data))
                mine = mine or own.search(data) is not None
    return [mine, found]
`;

function oomScoreOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/oom_score_adj`, 'utf8').trim();
  } catch {
    // ENOENT: it has ended meanwhile.
    return 'gone';
  }
}

/** Empty when it has ended meanwhile, as what is not the run itself may. */
function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch (error) {
    expect(['ENOENT', 'ESRCH']).toContain((error as NodeJS.ErrnoException).code);
    return '';
  }
}

/** Defines what a hostile script meets, with the policy off, in one of the ways to isolate. */
export function describeJail(mode: JailMode): void {
  let server: ApiServer;

  beforeAll(async () => {
    server = await mode.start({ ...HOSTILE_SETTINGS, ...SWEEP_SETTINGS, SECRET });
  });

  afterAll(() => mode.stop(server));

  /** Looks at runs from outside, all of them at once, and ends them then: they last longer than it takes to start the last. */
  async function whileRunning<T>(
    count: 1 | 2,
    look: (pid: number, other: number) => T | Promise<T>,
    ...before: readonly string[]
  ): Promise<T> {
    const runs = Array.from({ length: count }, () => markedScript(...before, 'time.sleep(7)'));
    const seen = new AbortController();
    const answers = runs.map(({ script }) => server.client.execute(script, seen.signal).catch(() => null));
    try {
      const found = await Promise.all(runs.map((run) => run.running()));
      // What it does before it sleeps.
      if (before.length > 0) await delay(200);
      const told = await look(found[0]?.pid ?? 0, found[1]?.pid ?? 0);
      // It was there as long as one looked.
      expect(found.every(isRunning)).toBe(true);
      return told;
    } finally {
      seen.abort();
      await Promise.all(answers);
      await Promise.all(runs.map((run) => run.gone(server.patienceMs(2_000))));
    }
  }

  describeContainment(() => server.client, mode);
  describe('with files, standard input and an artifact beside it', () => {
    describeContainment(() => server.client, { ...mode, share: mode.share / 4, withBelongings: true });
  });
  describeSweep(
    () => server.client,
    mode.share,
    `${mode.isWarm} ${mode.sharesUserNamespace} ${mode.hasOwnIds}`,
  );

  describe('as the host sees it', () => {
    it('has no capability, no way to gain one, a filter, and a user that is not root', async () => {
      const status = await whileRunning(1, (pid) => readFileSync(`/proc/${pid}/status`, 'utf8'));
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
      const names = ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'user', 'uts'];
      const shared = await whileRunning(1, (pid) =>
        names.filter(
          (name) => readlinkSync(`/proc/${pid}/ns/${name}`) === readlinkSync(`/proc/self/ns/${name}`),
        ),
      );
      expect(shared).toEqual(mode.sharesUserNamespace ? ['user'] : []);
    });

    it('runs with no environment and no secret anywhere between the service and the script', async () => {
      const [own, below, leaks] = await whileRunning(1, (run) => {
        const found = descendantsOf(server.pid);
        const leaking = found.filter(({ pid }) => environmentOf(pid).includes(SECRET));
        return [readFileSync(`/proc/${run}/environ`, 'utf8'), found.some(({ pid }) => pid === run), leaking];
      });
      expect([own.includes(SECRET), below]).toEqual([false, true]);
      expect(leaks).toEqual([]);
    });

    it('has no huge pages, which stay whole for a piece of them and are counted by no limit', async () => {
      const status = await whileRunning(1, (pid) => readFileSync(`/proc/${pid}/status`, 'utf8'));
      expect(/^THP_enabled:\s*(\d)/m.exec(status)?.[1]).toBe('0');
    });

    it('is the first to go when memory runs out, before the service', async () => {
      const score = (of: number): number => Number(readFileSync(`/proc/${of}/oom_score_adj`, 'utf8'));
      const scores = await whileRunning(1, (pid) => [score(pid), score(server.pid)]);
      expect(scores[0]).toBeGreaterThan(scores[1] ?? 0);
    });

    it('is so from its first instruction, and so is every process between it and the service, also while many start', async () => {
      const answers = Promise.all(
        Array.from({ length: 6 }, () =>
          server.client.execute('def main():\n    return sum(range(1_000_000))'),
        ),
      );
      const held = { ends: false };
      void answers.finally(() => (held.ends = true)).catch(() => undefined);
      const scores = new Set<string>();
      while (!held.ends) {
        for (const { pid } of descendantsOf(server.pid)) {
          scores.add(oomScoreOf(pid));
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
      await answers;
      scores.delete('gone');
      expect([...scores]).toEqual([String(Math.min(1000, Number(oomScoreOf(server.pid)) + 500))]);
    });

    it('has another host name', async () => {
      const script = 'import os, socket\ndef main():\n    return [os.uname().nodename, socket.gethostname()]';
      const names = (await server.client.execute(script)).body.result as string[];
      expect(names).not.toContain(hostname());
    });
  });

  if (mode.isWarm) {
    it('is a fork of the smallest zygote that has what it imports', async () => {
      const loaded = async (head: string): Promise<unknown> =>
        (
          await server.client.execute(
            `import sys\nloaded = "pandas" in sys.modules\n${head}\ndef main():\n    return loaded`,
          )
        ).body.result;
      expect(await loaded('import json')).toBe(false);
      expect(await loaded('import pandas')).toBe(true);
      expect(await loaded('from numpy import linalg')).toBe(true);
      const loadsMatplotlib = async (head: string): Promise<unknown> =>
        (
          await server.client.execute(
            `import sys\nloaded = "matplotlib" in sys.modules\n${head}\ndef main():\n    return loaded`,
          )
        ).body.result;
      expect(await loadsMatplotlib('import pandas')).toBe(false);
      expect(await loadsMatplotlib('import matplotlib.pyplot')).toBe(true);
    });
  }

  describe('meets nothing of another run', () => {
    const leave =
      'import time\ndef main():\n    for d in ("/tmp", "/dev/shm"): open(d + "/left", "w").write("x")\n';
    const look = 'import os\ndef main():\n    return [os.listdir(d) for d in ("/tmp", "/dev/shm", ".")]';

    it('no file of the previous one', async () => {
      expect((await server.client.execute(leave)).status).toBe(200);
      expect((await server.client.execute(look)).body.result).toEqual([['work'], [], ['output']]);
    });

    it('no file of one that runs at the same time', async () => {
      const leaving = 'for d in ("/tmp", "/dev/shm"): open(d + "/left", "w").write("x")';
      const { body } = await whileRunning(1, () => server.client.execute(look), leaving);
      expect(body.result).toEqual([['work'], [], ['output']]);
    });

    it('no process of one that runs at the same time', async () => {
      const script =
        'import os\ndef main():\n    found = []\n    for pid in range(1, 4000):\n        try:\n            os.kill(pid, 0)\n            found.append(pid)\n        except ProcessLookupError:\n            pass\n        except PermissionError:\n            found.append(pid)\n    return [p for p in found if p not in (1, os.getpid(), os.getppid())]';
      expect((await whileRunning(1, () => server.client.execute(script))).body.result).toEqual([]);
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

  describe('is apart from one that runs at the same time', () => {
    it.each(['pid', 'mnt', 'ipc'])('in its %s namespace', async (name) => {
      const [one, other] = await whileRunning(2, (...pids) =>
        pids.map((pid) => readlinkSync(`/proc/${pid}/ns/${name}`)),
      );
      expect(one).toMatch(/\[\d+\]/);
      expect(one).not.toBe(other);
    });

    it('in its user outside, or its user namespace where there is one user only', async () => {
      const identities = await whileRunning(2, (...pids) =>
        pids.map(
          (pid) =>
            `${readlinkSync(`/proc/${pid}/ns/user`)} ${/^Uid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]}`,
        ),
      );
      expect(new Set(identities).size).toBe(2);
    });

    it('in its random numbers, those of numpy included', async () => {
      const script =
        'import random, uuid, numpy, secrets\nfrom numpy.random import rand\ndef main():\n    return [random.random(), float(numpy.random.random()), float(rand()), uuid.uuid4(), secrets.token_hex(8)]';
      const answers = await Promise.all([1, 2, 3, 4].map(() => server.client.execute(script)));
      const values = answers.flatMap(({ body }) => body.result as unknown[]);
      expect(new Set(values).size).toBe(20);
    });

    it('in its memory, which no later run finds in its own either', async () => {
      const keeping = ['kept = [f"zebra-{7431 + n}" * 1000 for n in range(50)]', 'print(kept[0][:20])'];
      const { body } = await whileRunning(1, () => server.client.execute(MEMORY_SCAN), ...keeping);
      expect(body.result).toEqual([true, 0]);
      expect((await server.client.execute(MEMORY_SCAN)).body.result).toEqual([true, 0]);
    });
  });

  it('leaves the service able to run the next script', async () => {
    expect((await server.client.execute('def main():\n    return "fine"')).body.result).toBe('fine');
  });
}
