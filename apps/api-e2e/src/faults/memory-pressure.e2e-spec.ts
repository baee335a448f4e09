import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { API_PATHS } from '@pycell/contracts';
import { ApiServer } from '../harness/api-server';
import type { ExecuteAnswer } from '../harness/http-client';
import { describeCloud, isJailRequired } from '../harness/jail-support';
import { descendantsOf, isRunning } from '../harness/processes';
import { Load, wrongAnswers } from './load';
import { MemoryCgroup } from './memory-cgroup';
import { calmRemainsOf, expectNothingLeft } from './remains';

const GIGABYTE = 1 << 30;
/** Each is allowed; together they need more than there is. */
const HOGS = 4;
const HOG =
  'import time\ndef main():\n    kept = bytearray(b"x") * (400 << 20)\n    time.sleep(1)\n    return len(kept)';
const ROUNDS = 2;

/** Why this host gives no cgroup, empty where it does. */
function cgroupFault(): string {
  try {
    void MemoryCgroup.create(`pycell-e2e-probe-${process.pid}`, GIGABYTE).remove();
    return '';
  } catch (error) {
    return String(error);
  }
}

const fault = cgroupFault();
if (fault !== '' && !isJailRequired()) {
  console.log(`Skipping the memory pressure: no cgroup can be made here (${fault})`);
}
const describeInCgroup = fault === '' || isJailRequired() ? describeCloud : describe.skip;

describeInCgroup('A service in 1 GB of memory whose runs need more together', () => {
  let cgroup: MemoryCgroup;
  let server: ApiServer;

  beforeAll(async () => {
    cgroup = MemoryCgroup.create(`pycell-e2e-${process.pid}`, GIGABYTE);
    server = await ApiServer.start(
      { BUILD: 'cloud', MAX_CONCURRENCY: '8', MEMORY_LIMIT_MB: '512' },
      { launcher: cgroup.launcher },
    );
  });

  afterAll(async () => {
    await server.stop();
    await cgroup.remove();
  });

  it('has the kernel end runs before anything of its own', async () => {
    await calmRemainsOf(server);
    const adjustment = (pid: number): number => Number(readFileSync(`/proc/${pid}/oom_score_adj`, 'utf8'));
    const [below, own] = [descendantsOf(server.pid), adjustment(server.pid)];
    // One that has ended meanwhile cannot be read, and need not be.
    const volunteers = below.filter((entry) => isRunning(entry)).map(({ pid }) => adjustment(pid));
    expect(volunteers.length).toBeGreaterThan(3);
    expect(Math.min(...volunteers)).toBeGreaterThan(own);
  });

  it('outlives them, tells each what became of it, serves the others, and is well afterwards', async () => {
    const before = await calmRemainsOf(server);
    const own = descendantsOf(server.pid).filter(({ parent }) => parent === server.pid);
    const load = new Load(server);
    const told: ExecuteAnswer[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const hogs = Array.from({ length: HOGS }, () => server.client.execute(HOG));
      told.push(...(await Promise.all(hogs)));
      expect((await server.client.get(API_PATHS.live)).status).toBe(200);
    }
    await delay(500);
    const others = await load.end();

    expect(cgroup.kills).toBeGreaterThan(0);
    expect([server.process.hasExited, own.filter((entry) => !isRunning(entry))]).toEqual([false, []]);
    // Killed from outside a second time, it is the script that needs more than there is.
    const codes = told.map(({ status, body }) => (status === 200 ? 'OK' : `${status} ${body.code}`));
    expect(codes.filter((code) => !['OK', '422 MEMORY_LIMIT'].includes(code))).toEqual([]);
    expect(wrongAnswers(others)).toEqual([]);
    expect(others.filter(({ answer }) => answer.status !== 200)).toEqual([]);
    await expectNothingLeft(server, before);
    // Nothing of it stays charged: alone, the same script runs.
    expect((await server.client.execute(HOG)).body.result).toBe(400 << 20);
  });
});
