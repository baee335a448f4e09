import type { ServerResponse } from 'node:http';
import { STREAM_MEDIA_TYPES } from '@pycell/contracts';
import type { OtherServer } from './harness/other-servers';
import { startConsole } from './harness/pycell';
import type { ServiceProcess } from './harness/service-process';
import { sharedServices } from './harness/shared-services';
import { eventLine, startApiThatStreams } from './harness/streaming-api';
import { onPage } from './harness/visit';

const SCRIPT = 'def main():\n    print("printed")\n    return [1.0, 12345678901234567890]\n';
const EXECUTION = {
  id: '7fe20ca2-d3e1-4cd2-aeed-74282d54b2fd',
  isolation: 'nsjail',
  durationMs: 12,
  limits: { timeoutMs: 10_000, memoryMb: 512 },
  timings: { queueMs: 0, policyMs: 1, startMs: 1, runMs: 9, resultMs: 1 },
};

describe('an API whose answers', () => {
  let api: OtherServer;
  let server: ServiceProcess;
  let answer: ((response: ServerResponse) => void) | undefined;

  /** A console in front of an API that answers runs as the test says. */
  async function start(answering?: (response: ServerResponse) => void): Promise<void> {
    answer = answering;
    api = await startApiThatStreams(
      sharedServices().apiUrl,
      answer &&
        ((_request, response) => {
          response.writeHead(200, { 'Content-Type': STREAM_MEDIA_TYPES.ndjson });
          response.write(eventLine({ type: 'start', id: EXECUTION.id }));
          answer?.(response);
        }),
    );
    server = await startConsole(api);
  }

  afterEach(async () => {
    await server.stop();
    await api.stop();
  });

  const options = { consoleUrl: () => server.url, script: SCRIPT };

  it('come as a whole, since it knows no streams, is used as before', async () => {
    await start();
    await onPage(async ({ pycell }) => {
      await pycell.run();
      await pycell.resultText(/Finished/);
      expect(await pycell.printed()).toContain('printed');
      expect((await pycell.rawResult()).replaceAll(/\s+/g, ' ')).toBe('[1.0, 12345678901234567890]');
    }, options)();
  });

  it('break off in the middle is told so, with what had come', async () => {
    let cut = (): void => undefined;
    await start((response) => {
      response.write(eventLine({ type: 'stdout', text: 'half a \u001b[31mstory\u001b[0m\n' }));
      cut = () => response.destroy();
    });
    await onPage(
      async ({ page, pycell, picture }) => {
        await pycell.runButton.click();
        await pycell.resultText(/half a story/);
        cut();
        const told = await pycell.resultText(/The connection was lost/);
        expect(told).toMatch(/What the script had printed by then is kept\. Run it again\./);
        expect(told).toMatch(/The connection was lost\s+after [\d.]+ m?s/);
        expect(await pycell.printed()).toContain('half a story');
        expect(await page.getByRole('button', { name: 'Run again' }).isVisible()).toBe(true);
        await picture('stream-interrupted');
      },
      { ...options, expected: [/ERR_INCOMPLETE_CHUNKED_ENCODING/] },
    )();
  });

  it('end without their last event are not taken for whole', async () => {
    await start((response) => response.end(eventLine({ type: 'stdout', text: 'and then\n' })));
    await onPage(async ({ pycell }) => {
      await pycell.run();
      await pycell.resultText(/The connection was lost/);
      expect(await pycell.printed()).toContain('and then');
    }, options)();
  });

  it('come in pieces of any size, with signs of life between, are read as they were sent', async () => {
    await start((response) => {
      const events = [
        { type: 'ping' },
        { type: 'stdout', text: '🎉 one\n' },
        { type: 'stderr', text: '{"type":"end"}\n' },
        { type: 'result', result: { é: 1 }, execution: EXECUTION },
        { type: 'end' },
      ];
      const bytes = Buffer.from(events.map(eventLine).join(''));
      let at = 0;
      const goOn = (): void => {
        response.write(bytes.subarray(at, (at += 7)));
        if (at < bytes.length) setTimeout(goOn, 1);
        else response.end();
      };
      goOn();
    });
    await onPage(async ({ pycell }) => {
      await pycell.run();
      await pycell.resultText(/Finished/);
      expect(await pycell.printed()).toContain('🎉 one');
      expect(await pycell.printed('stderr')).toContain('{"type":"end"}');
    }, options)();
  });

  it('bring more than the page can hold in its rows shows the last of it, and has all in the end', async () => {
    const LINES = 200_000;
    let goOn = (): void => undefined;
    await start((response) => {
      const text = Array.from({ length: 1_000 }, (_, n) => `line ${n} ${'x'.repeat(40)}\n`).join('');
      for (let n = 0; n < LINES / 1_000; n += 1) response.write(eventLine({ type: 'stdout', text }));
      response.write(eventLine({ type: 'stdout', text: 'the last line\n' }));
      goOn = () =>
        response.end(
          eventLine({ type: 'result', result: null, execution: EXECUTION }) + eventLine({ type: 'end' }),
        );
    });
    await onPage(async ({ page, pycell, picture }) => {
      await pycell.runButton.click();
      await pycell.resultText(/200,001 lines, of which the last are shown/);
      await pycell.resultText(/the last line/);
      const region = page.getByRole('region', { name: 'stdout' });
      const height = await region.evaluate(({ scrollHeight }) => scrollHeight);
      expect(height).toBeLessThan(800_000);
      expect(await pycell.result.locator('.row').count()).toBeLessThan(450);
      await picture('stream-long');
      goOn();
      await pycell.resultText(/Finished/);
      await pycell.resultText(/200,001 lines, \d/);
    }, options)();
  });
});
