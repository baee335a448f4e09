import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { API_PATHS } from '@pycell/contracts';
import { ApiServer, type Environment } from './harness/api-server';
import { eventually } from './harness/eventually';
import { INSTALLED } from './harness/installed-sandbox';
import { describeCloud } from './harness/jail-support';
import { descendantsOf } from './harness/processes';

/** How long the finding of a probe may be reused, and some time for the next. */
const PROBE_MS = 8_000;

let folder: string;

/** A file in the suite's own folder. */
function place(name: string, content: string, mode = 0o755): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

/** Starts the runner as it is, without any jail around it. */
const RUNS_WITHOUT_JAIL = `#!/bin/sh
exec ${INSTALLED.python} -I -S -B -X utf8 ${INSTALLED.runner} --once --isolated --connection 3 --packages ${INSTALLED.packages}
`;

const FAULTS: readonly (readonly [string, () => Environment, RegExp])[] = [
  [
    'no nsjail',
    () => ({ NSJAIL_PATH: join(folder, 'nowhere/nsjail') }),
    /ENOENT|no such file|not found|missing/i,
  ],
  ['a program that is not nsjail', () => ({ NSJAIL_PATH: '/bin/true' }), /./],
  [
    'a text file for nsjail',
    () => ({ NSJAIL_PATH: place('text', 'not a program', 0o644) }),
    /EACCES|permission/i,
  ],
  [
    'a program that starts the runner without a jail',
    () => ({ NSJAIL_PATH: place('no-jail', RUNS_WITHOUT_JAIL) }),
    /./,
  ],
  ['no sandbox root', () => ({ SANDBOX_ROOT: join(folder, 'nowhere') }), /nowhere|root|mount/i],
  [
    'an empty sandbox root',
    () => {
      mkdirSync(join(folder, 'empty'), { mode: 0o755, recursive: true });
      return { SANDBOX_ROOT: join(folder, 'empty') };
    },
    /./,
  ],
];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pycell-e2e-missing-'));
  // Whatever ran outside a jail could write here, under any id.
  chmodSync(folder, 0o777);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(FAULTS)('BUILD=cloud with %s', (name, environment, cause) => {
  let server: ApiServer;
  const proof = (): string => join(folder, `ran-${name.replaceAll(' ', '-')}`);

  beforeAll(async () => {
    server = await ApiServer.listen({ BUILD: 'cloud', ...environment() });
  });

  afterAll(() => server.stop());

  it('starts and says in its log that no script will run, and why', async () => {
    const line = await eventually(
      () => server.logRecords.find(({ msg }) => /sandbox does not work/i.test(String(msg))),
      (found) => found !== undefined,
      server.patienceMs(15_000),
    );
    expect(line['level']).toBeGreaterThanOrEqual(50);
    expect(line['msg']).toMatch(cause);
  });

  it('is alive and not ready', async () => {
    expect((await server.client.get(API_PATHS.live)).status).toBe(200);
    for (const path of [API_PATHS.ready, API_PATHS.health, API_PATHS.startup]) {
      expect(await server.client.get(path)).toMatchObject({ status: 503, body: { status: 'error' } });
    }
    expect((await server.client.get(API_PATHS.metadata)).status).toBe(200);
  });

  it('answers SANDBOX_UNAVAILABLE with Retry-After, and runs nothing anywhere', async () => {
    const script = `import pathlib\nprint("ran")\ndef main():\n    pathlib.Path("${proof()}").write_text("x")\n    return 1`;
    const answer = await server.client.execute(script);
    expect(answer).toMatchObject({ status: 503, body: { code: 'SANDBOX_UNAVAILABLE' } });
    expect(answer.headers['retry-after']).toMatch(/^[1-9]\d*$/);
    expect(answer.text).not.toContain('"stdout":"ran');
    expect(existsSync(proof())).toBe(false);
  });

  it('tells the client nothing of the paths of the host', async () => {
    const answer = await server.client.execute('def main(): return 1');
    expect(answer.text).not.toContain(folder);
    expect((await server.client.get(API_PATHS.ready)).text).not.toContain(folder);
  });

  it('still judges what needs no sandbox', async () => {
    const answer = await server.client.execute('import os\ndef main(): return 1');
    expect(answer).toMatchObject({ status: 400, body: { code: 'POLICY_VIOLATION' } });
  });
});

describeCloud('BUILD=cloud whose nsjail is taken away while it serves', () => {
  it('answers 503 as long as it is gone, and works again when it is back', async () => {
    const link = join(folder, 'nsjail-link');
    symlinkSync(INSTALLED.nsjail, link);
    const server = await ApiServer.start({ BUILD: 'cloud', NSJAIL_PATH: link });
    const execute = (): Promise<number> =>
      server.client.execute('def main(): return 1').then(({ status }) => status);
    const ready = (): Promise<number> => server.client.get(API_PATHS.ready).then(({ status }) => status);
    try {
      expect(await execute()).toBe(200);
      unlinkSync(link);
      // A jail that is already up may go on serving; without it there is no way to make another.
      for (const { pid } of descendantsOf(server.pid).filter(({ parent }) => parent === server.pid)) {
        process.kill(pid, 'SIGKILL');
      }
      await eventually(execute, (status) => status === 503, server.patienceMs(2000));
      await eventually(ready, (status) => status === 503, server.patienceMs(PROBE_MS));
      expect((await server.client.get(API_PATHS.live)).status).toBe(200);
      symlinkSync(INSTALLED.nsjail, link);
      await eventually(execute, (status) => status === 200, server.patienceMs(PROBE_MS));
      await eventually(ready, (status) => status === 200, server.patienceMs(PROBE_MS));
    } finally {
      await server.stop();
      rmSync(link, { force: true });
    }
  });
});
