import { setTimeout as delay } from 'node:timers/promises';
import { PRELUDE } from './containment/containment-case';
import { ApiServer, type Environment } from './harness/api-server';
import { eventually } from './harness/eventually';
import type { ExecuteAnswer } from './harness/http-client';
import { describeCloud } from './harness/jail-support';
import { markedScript } from './harness/marked-script';
import { descendantsOf, type ProcessEntry, supervisorBelow } from './harness/processes';

const HELLO = 'def main():\n    return "hello"';

function supervisorOf(server: ApiServer): ProcessEntry {
  const found = supervisorBelow(server.pid);
  if (!found) {
    throw new Error('there is no supervisor');
  }
  return found;
}

/** The jail itself: it is another one when it was restarted. */
const jailOf = (server: ApiServer): string =>
  JSON.stringify(
    [descendantsOf(server.pid)[0], supervisorOf(server)].map((entry) => [entry?.pid, entry?.startTime]),
  );

/** Log lines above the level of information. */
const complaintsOf = (server: ApiServer): unknown[] =>
  server.logRecords.filter(({ level }) => Number(level) > 30);

function describeWatchdog(
  name: string,
  settings: Environment,
  suite: (server: () => ApiServer) => void,
): void {
  describeCloud(name, () => {
    let server: ApiServer;
    beforeAll(async () => {
      server = await ApiServer.start({
        BUILD: 'cloud',
        SCRIPT_POLICY: 'off',
        MAX_CONCURRENCY: '3',
        ...settings,
      });
    });
    afterAll(() => server.stop());
    suite(() => server);
  });
}

describeWatchdog('A service that stands still', { SCRIPT_TIMEOUT: '10' }, (server) => {
  it('does not take that for the silence of the supervisor: the run of another goes on, and is run once', async () => {
    const jail = jailOf(server());
    const victim = markedScript('time.sleep(6)', 'return "unharmed"');
    const began = performance.now();
    const answer = server().client.execute(victim.script);
    await victim.running();
    const attacker = markedScript('time.sleep(60)');
    const aborting = new AbortController();
    const gone = expect(server().client.execute(attacker.script, aborting.signal)).rejects.toThrow();
    await attacker.running();
    // The supervisor is held only so that its answer comes while the service stands still.
    const supervisor = supervisorOf(server());
    process.kill(supervisor.pid, 'SIGSTOP');
    aborting.abort();
    await gone;
    await delay(200);
    process.kill(server().pid, 'SIGSTOP');
    const stoodStillAfterMs = performance.now() - began;
    process.kill(supervisor.pid, 'SIGCONT');
    await delay(4_000);
    process.kill(server().pid, 'SIGCONT');
    const { status, body } = await answer;
    expect({ status, result: body.result }).toEqual({ status: 200, result: 'unharmed' });
    // A second run could begin only after the service goes on, which is 4 s later.
    expect(body.execution.timings.startMs).toBeLessThan(stoodStillAfterMs);
    expect(body.execution.timings.runMs).toBeLessThan(9_000);
    expect(jailOf(server())).toBe(jail);
    await attacker.gone(server().patienceMs(2_000, 4_000));
    expect(complaintsOf(server())).toEqual([]);
  });
});

describeWatchdog('A supervisor that is stopped', { SCRIPT_TIMEOUT: '2' }, (server) => {
  it('is replaced; a run that has reached its deadline is TIMEOUT, another is run once more', async () => {
    const supervisor = supervisorOf(server());
    const run = markedScript('while True: pass');
    const began = Date.now();
    const endless = server().client.execute(run.script);
    await run.running();
    process.kill(supervisor.pid, 'SIGSTOP');
    await delay(100);
    const honest = server().client.execute(HELLO);
    expect((await endless).body.code).toBe('TIMEOUT');
    expect(Date.now() - began).toBeLessThan(server().patienceMs(6_000));
    const { status, body } = await honest;
    expect({ status, result: body.result }).toEqual({ status: 200, result: 'hello' });
    expect(Date.now() - began).toBeLessThan(server().patienceMs(9_000));
    expect(supervisorOf(server()).pid).not.toBe(supervisor.pid);
    expect(server().log).toContain('the supervisor gives no sign of life');
  });

  it('is replaced also when nobody but a run without end is there, which is answered in time', async () => {
    const supervisor = supervisorOf(server());
    const run = markedScript('while True: pass');
    const endless = server().client.execute(run.script);
    await run.running();
    process.kill(supervisor.pid, 'SIGSTOP');
    const began = Date.now();
    expect((await endless).body.code).toBe('TIMEOUT');
    expect(Date.now() - began).toBeLessThan(server().patienceMs(5_000));
    await eventually(
      () => supervisorBelow(server().pid)?.pid,
      (pid) => pid !== undefined && pid !== supervisor.pid,
      server().patienceMs(5_000),
    );
    await eventually(
      () => server().client.execute(HELLO),
      ({ status }) => status === 200,
    );
  });
});

/** So many page tables a run must have got, which takes a small part of the time that it has for them. */
const ENOUGH_TABLES = 1_000;
const SLOW_SECONDS = 4;

/** Has much that the kernel tears down slowly: page tables by the gigabyte and sockets full of data; then waits. */
const SLOW_TO_DIE = `${PRELUDE}
def main():
    pairs = []
    try:
        while True:
            pair = socket.socketpair()
            pairs.append(pair)
            for end in pair:
                end.setblocking(False)
                try:
                    while True: end.send(b"x" * 512)
                except BlockingIOError: pass
    except OSError: pass
    began, place, made = time.monotonic(), 0x100000000000, 0
    libc.mmap.restype = ctypes.c_void_p
    libc.mmap.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long)
    while made < 64000 and place < 0x7e0000000000 and time.monotonic() - began < 2.2:
        at = libc.mmap(place, 4096, 3, 0x100022, -1, 0)
        if at not in (None, 0xffffffffffffffff):
            ctypes.memset(at, 1, 1)
            made += 1
            if made == ${ENOUGH_TABLES}: print(made, flush=True)
        place += 1 << 30
    time.sleep(60)
`;

// The kernel is mostly done with such a run before its end has to be told: that an end is told before a death that takes
// longer is proved by tests/supervisor/test_slow_death.py of the runner, which holds the death for a second.
describeWatchdog(
  'Runs that die slowly, though seldom too slowly to be waited for',
  { SCRIPT_TIMEOUT: String(SLOW_SECONDS) },
  (server) => {
    it('are answered TIMEOUT, cost nobody but themselves, and leave the jail as it is', async () => {
      const jail = jailOf(server());
      for (let round = 0; round < 2; round++) {
        const slow = [server().client.execute(SLOW_TO_DIE), server().client.execute(SLOW_TO_DIE)];
        const held = { ends: false };
        const others: ExecuteAnswer[] = [];
        void Promise.allSettled(slow).then(() => (held.ends = true));
        while (!held.ends) {
          others.push(await server().client.execute(HELLO));
        }
        for (const { body } of await Promise.all(slow)) {
          expect(body.code).toBe('TIMEOUT');
          expect(Number(body.stdout)).toBe(ENOUGH_TABLES);
          expect(body.execution.durationMs).toBeLessThan(SLOW_SECONDS * 1_000 + server().patienceMs(2_500));
        }
        expect(others.filter(({ status }) => status !== 200).map(({ text }) => text)).toEqual([]);
      }
      expect(jailOf(server())).toBe(jail);
      expect(complaintsOf(server())).toEqual([]);
    });
  },
);

describeWatchdog('A run that the host kills', {}, (server) => {
  it.each([
    ['once is run again, and answered', 1, 200, 'survived', undefined],
    ['twice is told that the machine ran out of memory', 2, 422, undefined, 'MEMORY_LIMIT'],
  ])('%s', async (_how, kills, status, result, code) => {
    const run = markedScript('time.sleep(1.5)', 'return "survived"');
    const answer = server().client.execute(run.script);
    let killed = 0;
    for (let round = 0; round < kills; round++) {
      const victim = await eventually(
        () => run.running(),
        ({ pid }) => pid !== killed,
      );
      killed = victim.pid;
      process.kill(killed, 'SIGKILL');
    }
    const { body, ...rest } = await answer;
    expect({ status: rest.status, result: body.result, code: body.code }).toEqual({ status, result, code });
    if (status === 422) {
      expect(body.error).toMatch(/machine ran out of memory/);
    }
    expect(complaintsOf(server())).toEqual([]);
  });
});
