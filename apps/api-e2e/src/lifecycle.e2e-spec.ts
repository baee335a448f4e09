import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { API_PATHS } from '@pycell/contracts';
import { ApiServer } from './harness/api-server';
import { eventually } from './harness/eventually';
import { describeEachBuild } from './harness/jail-support';
import { markedScript } from './harness/marked-script';
import { childAbove, descendantsOf, isRunning } from './harness/processes';

const OK_SCRIPT = 'def main():\n    return 1\n';

describeEachBuild('The end of a run', (build) => {
  let server: ApiServer;

  beforeAll(async () => {
    server = await ApiServer.start({
      BUILD: build,
      MAX_CONCURRENCY: '1',
      MAX_QUEUE: '1',
      SCRIPT_TIMEOUT: '30',
    });
  });

  afterAll(() => server.stop());

  /** Long before a run would end by itself. */
  const soonMs = (): number => server.patienceMs(2_000, 20_000);

  it('comes at once when the client goes away, and its place is free', async () => {
    const run = markedScript('time.sleep(30)');
    const client = new AbortController();
    const answer = server.client.execute(run.script, client.signal).catch(() => 'cut');
    await run.running();
    client.abort();
    expect(await answer).toBe('cut');
    await run.gone(soonMs());
    const began = Date.now();
    expect((await server.client.execute(OK_SCRIPT)).status).toBe(200);
    expect(Date.now() - began).toBeLessThan(soonMs());
  });

  it('never begins for a client that went away while it waited, and its place in the queue is free', async () => {
    const running = server.client.execute('import time\ndef main():\n    time.sleep(1.5)\n    return 1');
    await delay(200);
    const run = markedScript('time.sleep(30)');
    const client = new AbortController();
    const waiting = server.client.execute(run.script, client.signal).catch(() => 'cut');
    await delay(200);
    client.abort();
    expect(await waiting).toBe('cut');
    await eventually(
      () => server.client.execute(OK_SCRIPT),
      ({ status }) => status === 200,
      // The place would be free in any case when the first run has ended.
      800,
    );
    expect((await running).status).toBe(200);
    await run.gone(0);
  });

  it('leaves no process after a time-out, threads included', async () => {
    const run = markedScript(
      'import threading',
      'for _ in range(5):',
      '    threading.Thread(target=time.sleep, args=(60,)).start()',
      'while True: pass',
    );
    const answer = server.client.execute(run.script, undefined, '"limits": {"timeoutMs": 3000}');
    await run.running();
    expect((await answer).body.code).toBe('TIMEOUT');
    await run.gone(soonMs());
  });

  it('leaves no process after a result, whatever daemon threads still run', async () => {
    const run = markedScript(
      'import threading',
      'threading.Thread(target=time.sleep, args=(60,), daemon=True).start()',
      'return 1',
    );
    expect((await server.client.execute(run.script)).body.result).toBe(1);
    await run.gone(soonMs());
  });

  if (build === 'local') {
    it('takes the processes with it that the script started, also those that left its session', async () => {
      const run = markedScript(
        'import posix',
        'if posix.fork() == 0:',
        '    posix.setsid()',
        '    if posix.fork() == 0:',
        '        time.sleep(60)',
        '    time.sleep(60)',
        'time.sleep(0.2)',
        'return "answered"',
      );
      expect((await server.client.execute(run.script)).body.result).toBe('answered');
      await run.gone(soonMs());
    });
  }

  it('is not noticed by the client when the sandbox is killed under it: the script runs once more', async () => {
    const run = markedScript('time.sleep(1)', 'return "again"');
    const answer = server.client.execute(run.script);
    process.kill(childAbove(await run.running(), server.pid).pid, 'SIGKILL');
    expect((await answer).body.result).toBe('again');
  });

  it('is answered 503 and retryable when the sandbox is killed under it twice, and the next run works', async () => {
    const run = markedScript('time.sleep(20)', 'return 1');
    const answer = server.client.execute(run.script);
    const lost = await run.running();
    const first = childAbove(lost, server.pid);
    process.kill(first.pid, 'SIGKILL');
    // The run goes a moment after its jail, and must not be taken for the one that follows.
    await eventually(
      () => isRunning(first) || isRunning(lost),
      (waiting) => !waiting,
      server.patienceMs(5_000),
    );
    process.kill(childAbove(await run.running(), server.pid).pid, 'SIGKILL');
    const { status, headers, body } = await answer;
    expect({ status, code: body.code }).toEqual({ status: 503, code: 'SANDBOX_UNAVAILABLE' });
    expect(headers['retry-after']).toMatch(/^[1-9]\d*$/);
    expect(body.error).toMatch(/retry/);
    await run.gone(soonMs());
    const next = await eventually(
      () => server.client.execute(OK_SCRIPT),
      (seen) => seen.status === 200,
      server.patienceMs(5_000),
    );
    expect(next.body.result).toBe(1);
  });

  it('leaves nothing below the server that was not there before', async () => {
    // Both zygotes have forked their spares when a script that needs packages has run.
    await server.client.execute('import pandas\ndef main():\n    return 1');
    await delay(500);
    const before = descendantsOf(server.pid).length;
    for (let n = 0; n < 10; n++) {
      await server.client.execute(OK_SCRIPT);
    }
    await eventually(
      () => descendantsOf(server.pid),
      (found) => found.length <= before && found.every(({ state }) => state !== 'Z'),
      server.patienceMs(4_000),
    );
  });
});

describeEachBuild('The end of the service', (build) => {
  it('SIGTERM: readiness fails, the run in flight is answered, new ones are refused, no process stays', async () => {
    const server = await ApiServer.start({ BUILD: build });
    const run = markedScript('time.sleep(3)', 'return "finished"');
    const answer = server.client.execute(run.script);
    await run.running();
    const below = descendantsOf(server.pid);
    server.process.signal('SIGTERM');
    await eventually(
      () => server.client.get(API_PATHS.ready),
      ({ status }) => status === 503,
      server.patienceMs(2_000),
    );
    expect((await server.client.get(API_PATHS.live)).status).toBe(200);
    const refused = await server.client.execute(OK_SCRIPT);
    expect(refused).toMatchObject({ status: 503, body: { code: 'SANDBOX_UNAVAILABLE' } });
    expect(await answer).toMatchObject({ status: 200, body: { result: 'finished' } });
    const { code, signal } = await server.stop();
    expect(signal ?? code).toEqual(signal ? 'SIGTERM' : 0);
    await run.gone(0);
    expect(below.filter(isRunning)).toEqual([]);
  });

  it('SIGTERM with a grace that is too short: the run is killed and answered 503', async () => {
    const server = await ApiServer.start({ BUILD: build, SHUTDOWN_GRACE: '1' });
    const run = markedScript('time.sleep(8)', 'return "finished"');
    const answer = server.client.execute(run.script);
    await run.running();
    const began = Date.now();
    server.process.signal('SIGTERM');
    expect(await answer).toMatchObject({ status: 503, body: { code: 'SANDBOX_UNAVAILABLE' } });
    expect(Date.now() - began).toBeGreaterThan(900);
    await server.stop();
    expect(Date.now() - began).toBeLessThan(server.patienceMs(5_000));
    await run.gone(0);
  });

  it('SIGTERM without runs ends it at once', async () => {
    const server = await ApiServer.start({ BUILD: build });
    const began = Date.now();
    await server.stop();
    expect(Date.now() - began).toBeLessThan(server.patienceMs(2_000));
  });

  it('SIGINT ends it like SIGTERM', async () => {
    const server = await ApiServer.start({ BUILD: build });
    server.process.signal('SIGINT');
    const { code, signal } = await server.process.exited;
    expect(signal ?? code).toEqual(signal ? 'SIGINT' : 0);
    await server.stop();
  });

  it('SIGKILL of the service leaves no run, no runner and no jail behind', async () => {
    // Nobody is left to remove the run's folder.
    const folder = mkdtempSync(join(tmpdir(), 'pycell-e2e-'));
    const server = await ApiServer.start({ BUILD: build, TMPDIR: folder });
    const run = markedScript('while True: pass');
    const answer = server.client.execute(run.script).catch(() => 'cut');
    await run.running();
    const below = descendantsOf(server.pid);
    expect(below.length).toBeGreaterThan(0);
    server.process.signal('SIGKILL');
    expect(await answer).toBe('cut');
    await run.gone(server.patienceMs(4_000));
    await eventually(
      () => below.filter(isRunning),
      (left) => left.length === 0,
      server.patienceMs(4_000),
    );
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });
});
