import { BackgroundApi } from './harness/background-api';
import { startButton } from './harness/background-runs';
import { eventually } from './harness/eventually';
import { startConsole } from './harness/pycell';
import { runUntil } from './harness/running';
import type { ServiceProcess } from './harness/service-process';
import { sharedServices } from './harness/shared-services';
import { onPage, type Visit, type VisitOptions } from './harness/visit';

const SLOW = `# slow count
import time

def main():
    for n in range(12):
        print("line", n, flush=True)
        time.sleep(0.5)
    return {"counted": 2**70}
`;

describe('a start in the background', () => {
  const api = new BackgroundApi(sharedServices().apiUrl);
  let server: ServiceProcess;

  beforeAll(async () => {
    await api.start();
    server = await startConsole(api);
  });

  beforeEach(() => api.reset());

  afterAll(async () => {
    await server.stop();
    await api.stop();
  });

  const visit = (body: (visit: Visit) => Promise<void>, options: VisitOptions = {}) =>
    onPage(body, { consoleUrl: () => server.url, script: SLOW, ...options });

  it(
    'that is refused says so as any run, and "Run again" starts it in the background',
    visit(
      async (visit) => {
        const { page, pycell } = visit;
        api.refusals = 1;
        await startButton(page).click();
        await pycell.resultText(/no place is free/);
        expect(api.starts).toEqual([]);
        await pycell.result.getByRole('button', { name: 'Run again' }).click();
        await page.getByText(/^Started in the background/).waitFor();
        await eventually(
          () => pycell.result.innerText(),
          (text) => !text.includes('no place is free'),
        );
        expect(api.starts).toHaveLength(1);
        expect(api.runs).toBe(0);
      },
      { expected: [/503/] },
    ),
  );

  it(
    'that is too large says so while another run goes on, which is left alone',
    visit(async (visit) => {
      const { page, pycell } = visit;
      await runUntil(visit, /line 1/);
      await pycell.write(`x = "${'x'.repeat(11_000)}"`);
      await page.keyboard.press('Control+Shift+Enter');
      await page.getByText(/^Not started in the background\. .*the limit is 10,000\.$/).waitFor();
      await pycell.resultText(/1180591620717411303424/);
      expect(api.starts).toEqual([]);
    }),
  );
});
