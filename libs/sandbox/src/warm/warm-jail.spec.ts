import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DEFAULT_LIMITS } from '@pycell/contracts';
import {
  type Fate,
  ScriptedWarmRunner,
  type WarmRunnerBehaviour,
} from '../conversation/scripted-runner.contract';
import type { OnDemandKind, ZygoteKind } from '../protocol/messages';
import { IsolationProof } from '../self-test/isolation-proof';
import { WarmJail } from './warm-jail';
import { plainRun, type Run } from '../run/run';

const plan = { script: 'proof', judge: (value: unknown) => [{ name: 'run', passed: value === 1 }] };

/** Starts a jail whose runner is scripted. */
async function start({ cores, preload = [], ...behaviour }: Setting) {
  const sockets = mkdtempSync(join(tmpdir(), 'pycell-warm-jail-'));
  folders.push(sockets);
  const command = { file: 'runner', args: [], cwd: sockets };
  const faults: string[] = [];
  const fateOf = (): Fate => ({ result: '1' });
  const runner = new ScriptedWarmRunner(command, { fateOf, comesUp: true, ...behaviour });
  const jail = new WarmJail(runner, new IsolationProof(plan), {
    limits: DEFAULT_LIMITS,
    sockets,
    spares: 2,
    cores,
    preload,
    onZygote: () => undefined,
    onZygoteLost: () => undefined,
    onGone: () => undefined,
    onFault: (cause) => faults.push(cause),
  });
  runners.push(runner);
  await jail.serves;
  // Both kinds are proved, and what is idle is warm if it ever will be.
  await delay(100);
  const execute = (imports: Run['imports'], patienceMs = 5_000) =>
    jail.visit(plainRun('', 'function', imports), {
      requestedAt: performance.now(),
      observer: {
        onBegin: () => undefined,
        onOutput: () => undefined,
        onRestart: () => true,
        onGone: () => undefined,
      },
      signal: never,
      patience: AbortSignal.timeout(patienceMs),
    });
  const figures = (): number => runner.connected.filter((kind) => kind === 'figures').length;
  return { jail, runner, faults, execute, figures };
}

type Setting = Partial<WarmRunnerBehaviour> & { readonly cores: number; readonly preload?: OnDemandKind[] };
const never = new AbortController().signal;

const folders: string[] = [];
const runners: ScriptedWarmRunner[] = [];

afterEach(() => {
  runners.splice(0).forEach((runner) => runner.exit());
  folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true }));
});

describe('WarmJail', () => {
  it('does not warm spares while there is something better to do', async () => {
    const { runner } = await start({ cores: 0 });
    expect(runner.warmed).toBe(0);
  });

  it('warms every spare of each kind once when there is time', async () => {
    const { runner } = await start({ cores: 8 });
    expect(runner.warmed).toBe(4);
  });

  it('is lost with the reason for which it was given up, and lets nobody in any more', async () => {
    const { jail, execute } = await start({ cores: 0 });
    jail.fail('a breach');
    expect(await jail.lost).toBe('a breach (ended by SIGKILL)');
    await expect(execute([], 1_000)).rejects.toThrow('a breach');
  });

  it('does not serve when its runner does not come up', async () => {
    await expect(start({ cores: 0, comesUp: false })).rejects.toThrow('it cannot');
  });

  it('has no spare of figures before a script needs one, and one afterwards, proofs or not', async () => {
    const { jail, execute, figures } = await start({ cores: 0, figures: ['matplotlib', 'PIL'] });
    await execute(['pandas']);
    await execute(null);
    await jail.selfTest();
    expect(figures()).toBe(0);
    expect((await execute(['PIL.Image'])).outcome.status).toBe('OK');
    await delay(50);
    // One was proved, one ran the script, one is kept.
    expect(figures()).toBe(3);
    await jail.selfTest();
    await execute(['matplotlib.pyplot', 'pandas']);
    await delay(50);
    expect(figures()).toBe(4);
  });

  it('runs a script that needs matplotlib as before where that is not there', async () => {
    const { execute, figures, runner } = await start({ cores: 0 });
    const before = runner.connected.length;
    expect((await execute(['matplotlib'])).outcome.status).toBe('OK');
    await delay(50);
    expect([figures(), runner.connected.slice(before)]).toEqual([0, ['bare']]);
  });

  it('starts what is to be there at once, after what scripts need more', async () => {
    const { figures } = await start({ cores: 0, preload: ['figures'], figures: ['matplotlib'] });
    expect(figures()).toBe(2);
  });

  it('says so where there is nothing to start at once', async () => {
    const { figures, faults } = await start({ cores: 0, preload: ['figures'] });
    expect([figures(), faults]).toEqual([0, [expect.stringContaining('matplotlib is not installed')]]);
  });

  it('keeps serving what does without figures while their zygote cannot be started', async () => {
    const unstartable: ZygoteKind[] = ['figures'];
    const { jail, execute, figures } = await start({ cores: 0, figures: ['matplotlib'], unstartable });
    expect(jail.patienceMs(['matplotlib'])).toBeGreaterThan(jail.patienceMs(['pandas']));
    await expect(execute(['matplotlib'], 300)).rejects.toThrow(/timeout/);
    // 10 ms, 20, 40, 80 and so on: not again and again without a pause.
    expect(figures()).toBeLessThan(8);
    expect((await execute([])).outcome.status).toBe('OK');
    jail.stop('the test ends');
  });
});
