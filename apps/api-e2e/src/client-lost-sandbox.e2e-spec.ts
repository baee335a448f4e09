import { PycellClient, type RunEvent } from '@pycell/api-client';
import { ApiServer } from './harness/api-server';
import { eventually } from './harness/eventually';
import { describeEachBuild } from './harness/jail-support';
import { markedScript, type MarkedScript } from './harness/marked-script';
import { childAbove, isRunning } from './harness/processes';

// The service runs a script once more by itself: two sandboxes lost are one answer of SANDBOX_UNAVAILABLE.
const LOST_FOR_AN_ANSWER = 2;

describeEachBuild('The TypeScript client, when the sandbox is lost under a run', (build) => {
  let server: ApiServer;
  let run: MarkedScript;

  beforeAll(async () => {
    server = await ApiServer.start({ BUILD: build, MAX_CONCURRENCY: '1', SCRIPT_TIMEOUT: '8' });
  });

  afterAll(() => server.stop());

  beforeEach(() => {
    run = markedScript('time.sleep(2.5)', 'return 1');
  });

  const clientOf = (attempts: number): PycellClient =>
    new PycellClient({ baseUrl: server.client.baseUrl, retry: { attempts } });

  async function loseSandboxes(count: number): Promise<void> {
    for (let lost = 0; lost < count; lost += 1) {
      const script = await run.running();
      const sandbox = childAbove(script, server.pid);
      process.kill(sandbox.pid, 'SIGKILL');
      // The run goes a moment after its jail, and must not be taken for the one that follows.
      await eventually(
        () => isRunning(sandbox) || isRunning(script),
        (waiting) => !waiting,
        server.patienceMs(5_000),
      );
    }
  }

  it('sends the script again, which has no effect outside of its sandbox', async () => {
    const answer = clientOf(4).execute({ script: run.script });
    const [{ result }] = await Promise.all([answer, loseSandboxes(LOST_FOR_AN_ANSWER)]);
    expect(result).toBe(1);
  });

  it('says that the script may have run: nothing in the answer tells it from one that did not', async () => {
    const answer = clientOf(1).execute({ script: run.script });
    const told = expect(answer).rejects.toMatchObject({
      code: 'SANDBOX_UNAVAILABLE',
      status: 503,
      execution: null,
      mayHaveRun: true,
    });
    await loseSandboxes(LOST_FOR_AN_ANSWER);
    await told;
  });

  it('tells it in a stream, and does not send the script again behind its start', async () => {
    const reading = (async () => {
      const events: RunEvent[] = [];
      for await (const event of clientOf(4).stream({ script: run.script })) {
        events.push(event);
      }
      return events;
    })();
    const [events] = await Promise.all([reading, loseSandboxes(LOST_FOR_AN_ANSWER)]);
    expect(events).toMatchObject([
      { type: 'start' },
      { type: 'error', error: { code: 'SANDBOX_UNAVAILABLE', mayHaveRun: true } },
      { type: 'end' },
    ]);
    await run.gone(server.patienceMs(2_000));
  });
});
