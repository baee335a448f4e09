import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DEFAULT_LIMITS } from '@pycell/contracts';
import { ScriptedWarmRunner } from '../conversation/scripted-runner.contract';
import { IsolationProof } from '../self-test/isolation-proof';
import { WarmJail } from './warm-jail';
import { plainRun } from '../run/run';

const plan = { script: 'proof', judge: (value: unknown) => [{ name: 'run', passed: value === 1 }] };

/** Starts a jail whose runner is scripted. */
async function start({ cores, comesUp = true }: { cores: number; comesUp?: boolean }) {
  const sockets = mkdtempSync(join(tmpdir(), 'pycell-warm-jail-'));
  folders.push(sockets);
  const command = { file: 'runner', args: [], cwd: sockets };
  const runner = new ScriptedWarmRunner(command, { fateOf: () => ({ result: '1' }), comesUp });
  const jail = new WarmJail(runner, new IsolationProof(plan), {
    limits: DEFAULT_LIMITS,
    sockets,
    spares: 2,
    cores,
    onZygote: () => undefined,
    onGone: () => undefined,
    onFault: () => undefined,
  });
  runners.push(runner);
  await jail.serves;
  // Both kinds are proved, and what is idle is warm if it ever will be.
  await delay(100);
  return { jail, runner };
}

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
    const { jail } = await start({ cores: 0 });
    jail.fail('a breach');
    expect(await jail.lost).toBe('a breach (ended by SIGKILL)');
    const run = plainRun('');
    const signal = AbortSignal.timeout(1_000);
    const observer = { onOutput: () => undefined, onRestart: () => true, onGone: () => undefined };
    await expect(
      jail.visit(run, { requestedAt: performance.now(), observer, signal, patience: signal }),
    ).rejects.toThrow('a breach');
  });

  it('does not serve when its runner does not come up', async () => {
    await expect(start({ cores: 0, comesUp: false })).rejects.toThrow('it cannot');
  });
});
