import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { eventually } from './eventually';
import { findFreePort } from './other-servers';

const PROGRAMS = ['/usr/sbin/nginx', '/usr/bin/nginx'];
const DOCUMENT = resolve(__dirname, '../../../../docs/console-hosting.md');

/** What our document tells to write into a `server` of nginx, with the console's address put in. */
function documentedLocation(consoleUrl: string): string {
  const [, location] = /```nginx\n([\s\S]*?)```/.exec(readFileSync(DOCUMENT, 'utf8')) ?? [];
  if (!location?.includes('http://127.0.0.1:3000/')) throw new Error(`${DOCUMENT} has no location of nginx`);
  return location.replace('http://127.0.0.1:3000/', `${consoleUrl}/`);
}

/** nginx in front of a console, as our document says. */
export class Nginx {
  private constructor(
    private readonly process: ChildProcess,
    private readonly folder: string,
    readonly url: string,
  ) {}

  /** @param settings more of them for its `http` part */
  static async start(consoleUrl: string, settings = ''): Promise<Nginx> {
    const program = PROGRAMS.find((file) => existsSync(file));
    if (program === undefined) throw new Error('nginx is missing: apt-get install nginx-light');
    const folder = mkdtempSync(join(tmpdir(), 'pycell-nginx-'));
    const port = await findFreePort();
    const file = join(folder, 'nginx.conf');
    writeFileSync(
      file,
      configurationOf({ folder, port, settings, location: documentedLocation(consoleUrl) }),
    );
    const process = spawn(program, ['-p', folder, '-e', join(folder, 'error.log'), '-c', file], {
      stdio: 'ignore',
    });
    const nginx = new Nginx(process, folder, `http://127.0.0.1:${port}/tools/pycell`);
    await eventually(
      async () => (await fetch(`${nginx.url}/`).catch(() => null))?.status ?? nginx.log,
      (status) => status === 200,
    );
    return nginx;
  }

  /** What went wrong. */
  get log(): string {
    const file = join(this.folder, 'error.log');
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  async stop(): Promise<void> {
    const ended = new Promise((done) => this.process.once('exit', done));
    if (this.process.exitCode === null) {
      this.process.kill('SIGTERM');
      await ended;
    }
    rmSync(this.folder, { recursive: true });
  }
}

interface Configuration {
  readonly folder: string;
  readonly port: number;
  readonly settings: string;
  readonly location: string;
}

/** One process of the user who runs the tests. */
function configurationOf({ folder, port, settings, location }: Configuration): string {
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${join(folder, name)};`,
  );
  return `daemon off;
master_process off;
pid ${join(folder, 'pid')};
events {}
http {
  access_log off;
  ${paths.join('\n  ')}
  ${settings}
  server {
    listen 127.0.0.1:${port};
    ${location}
  }
}
`;
}
