import { setTimeout as delay } from 'node:timers/promises';
import { API_PATHS } from '@pycell/contracts';
import { ApiServer } from './harness/api-server';
import { eventually } from './harness/eventually';
import { describeEachBuild } from './harness/jail-support';
import { descendantsOf, type ProcessEntry } from './harness/processes';

const KIND = ' --zygote figures';
/** A zygote that starts, settles its memory and forks, on a busy machine. */
const START_MS = 30_000;

const DRAW = [
  'import io',
  'import matplotlib.pyplot as plt',
  'def main():',
  '    numbers = plt.get_fignums()',
  '    plt.plot([1, 2, 3])',
  '    plt.title("$x^2$")',
  '    drawn = io.BytesIO()',
  '    plt.savefig(drawn, format="png")',
  '    plt.show()',
  '    return [numbers, plt.get_fignums(), drawn.getvalue()[:4].hex()]',
].join('\n');
const DRAWN = [[], [1], '89504e47'];

/** A fork of a zygote has its command line; it leads a session of its own, which its zygote does not. */
function figuresBelow(server: ApiServer): { zygotes: ProcessEntry[]; forks: ProcessEntry[] } {
  const all = descendantsOf(server.pid).filter(({ command }) => command.includes(KIND));
  return {
    zygotes: all.filter(({ pid, session }) => session !== pid),
    forks: all.filter(({ pid, session }) => session === pid),
  };
}

/** Waits until the zygote that serves has settled its memory: there is no other then, and one spare. */
function settled(server: ApiServer): Promise<ReturnType<typeof figuresBelow>> {
  return eventually(
    () => figuresBelow(server),
    ({ zygotes, forks }) =>
      zygotes.length === 1 && forks.length === 1 && !zygotes[0]?.command.includes('--unsettled'),
    START_MS,
  );
}

describeEachBuild('The zygote of figures', (build) => {
  let server: ApiServer;

  beforeAll(async () => {
    server = await ApiServer.start({ BUILD: build });
  });
  afterAll(() => server.stop());

  it('is not there before a script needs it, whatever asks for readiness', async () => {
    await server.client.execute('import pandas\ndef main():\n    return 1');
    await server.client.get(API_PATHS.ready);
    await delay(500);
    expect(figuresBelow(server)).toEqual({ zygotes: [], forks: [] });
  });

  it('is started by the first script that needs it, and keeps one spare', async () => {
    const { status, body } = await server.client.execute(DRAW);
    expect([status, body.result, body.stderr]).toEqual([200, DRAWN, '']);
    await settled(server);
    const again = await server.client.execute(DRAW);
    expect([again.body.error, again.body.result, again.body.stderr]).toEqual([undefined, DRAWN, '']);
    await settled(server);
  });

  it('may die while a run of it is at work, which it costs nothing, and comes back', async () => {
    const { zygotes } = await settled(server);
    const answer = server.client.execute(
      'import time\nimport matplotlib\ndef main():\n    time.sleep(1)\n    return "unharmed"',
    );
    await delay(500);
    process.kill(zygotes[0]?.pid ?? 0, 'SIGKILL');
    expect((await answer).body.result).toBe('unharmed');
    expect((await server.client.execute(DRAW)).body.result).toEqual(DRAWN);
    expect(server.log).toMatch(/zygote figures ended with -9/);
    await settled(server);
  });
});

describeEachBuild('PRELOAD=figures', (build) => {
  it('has it there before any script', async () => {
    const server = await ApiServer.start({ BUILD: build, PRELOAD: 'figures' });
    try {
      await settled(server);
      expect((await server.client.execute(DRAW)).body.result).toEqual(DRAWN);
    } finally {
      await server.stop();
    }
  });
});
