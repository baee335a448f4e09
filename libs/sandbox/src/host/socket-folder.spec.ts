import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { createSocketFolder, removeStaleFolders } from './socket-folder';

/** What TMPDIR is taken to say; null: what it says. */
let mockTemporary: string | null = null;
jest.mock('node:os', () => {
  const real = jest.requireActual<typeof import('node:os')>('node:os');
  return { ...real, tmpdir: () => mockTemporary ?? real.tmpdir() };
});

const TEMPORARY = tmpdir();
/** Above every pid that Linux gives. */
const DEAD_PID = 2 ** 22 + 1;
/** There always is one, and to an ordinary user it belongs to somebody else. */
const INIT_PID = 1;
/** Only root can give a folder away. */
const itAsRoot = process.getuid?.() === 0 ? it : it.skip;

const made: string[] = [];

function makeFolder(name: string): string {
  const folder = join(TEMPORARY, `${name}-spec${process.pid}${made.length}`);
  made.push(folder);
  mkdirSync(folder);
  writeFileSync(join(folder, 'bare'), '');
  return folder;
}

async function create(owner?: { uid: number; gid: number }): Promise<string> {
  const folder = await createSocketFolder(owner);
  made.push(folder);
  return folder;
}

afterEach(() => {
  mockTemporary = null;
  for (const folder of made.splice(0)) {
    rmSync(folder, { recursive: true, force: true });
  }
});

describe('createSocketFolder', () => {
  it('makes a folder that nobody else can enter, with our pid in its name', async () => {
    const folder = await create();
    expect(dirname(folder)).toBe(TEMPORARY);
    expect(basename(folder)).toMatch(new RegExp(`^pycell-runtime-${process.pid}-`));
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(folder).uid).toBe(process.getuid?.());
  });

  itAsRoot(
    'gives it to the one who has to make sockets in it, and lets only our group in besides',
    async () => {
      const folder = await create({ uid: 60_001, gid: 60_002 });
      expect([statSync(folder).uid, statSync(folder).gid]).toEqual([60_001, process.getgid?.()]);
      expect(statSync(folder).mode & 0o777).toBe(0o770);
    },
  );

  itAsRoot('makes it elsewhere when that one could not walk to the temporary folder', async () => {
    const closed = mkdtempSync(join(TEMPORARY, 'pycell-spec-closed-'));
    made.push(closed);
    const inside = join(closed, 'inside');
    mkdirSync(inside);
    chmodSync(inside, 0o755);
    mockTemporary = inside;
    const folder = await create({ uid: 60_001, gid: 60_002 });
    expect(folder.startsWith(closed)).toBe(false);
    expect(statSync(folder).uid).toBe(60_001);
    expect(dirname(await create())).toBe(inside);
  });
});

describe('removeStaleFolders', () => {
  it('removes the folder of a service that is no more, with what is in it', async () => {
    const stale = makeFolder(`pycell-runtime-${DEAD_PID}`);
    await removeStaleFolders();
    expect(existsSync(stale)).toBe(false);
  });

  it('leaves the folders of living services alone, and whatever is called otherwise', async () => {
    const folders = [
      makeFolder(`pycell-runtime-${process.pid}`),
      makeFolder(`pycell-runtime-${INIT_PID}`),
      makeFolder(`pycell-runtime-x${DEAD_PID}`),
      makeFolder(`other-pycell-runtime-${DEAD_PID}`),
    ];
    await removeStaleFolders();
    expect(folders.filter((folder) => !existsSync(folder))).toEqual([]);
  });

  it('leaves alone what is still served, by a service whose pid is another namespace’s', async () => {
    const folder = mkdtempSync(join(TEMPORARY, `pycell-runtime-${DEAD_PID}-`));
    made.push(folder);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(folder, 'bare'), resolve));
    await removeStaleFolders();
    expect(existsSync(join(folder, 'bare'))).toBe(true);
    await new Promise((resolve) => server.close(resolve));
  });

  it('does not follow a link that somebody has put there', async () => {
    const target = makeFolder('pycell-spec-target');
    chmodSync(target, 0o500);
    const link = join(TEMPORARY, `pycell-runtime-${DEAD_PID}-link${process.pid}`);
    symlinkSync(target, link);
    made.push(link);
    await removeStaleFolders();
    expect(existsSync(join(target, 'bare'))).toBe(true);
    expect(statSync(target).mode & 0o777).toBe(0o500);
  });

  it('does not mind a temporary folder that is not there', async () => {
    mockTemporary = '/nowhere';
    await expect(removeStaleFolders()).resolves.toBeUndefined();
  });
});
