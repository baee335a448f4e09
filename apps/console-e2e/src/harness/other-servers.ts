import { readFileSync, statSync } from 'node:fs';
import { createServer, request as send, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { INSTALLATION } from './service-process';

/** A server of this test itself, on a free port. */
export class OtherServer {
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(listener: RequestListener): Promise<OtherServer> {
    const server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return new OtherServer(server, `http://127.0.0.1:${port}`);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}

/** A port of this machine that nothing listens on. */
export async function findFreePort(): Promise<number> {
  const server = await OtherServer.start(() => undefined);
  await server.stop();
  return Number(new URL(server.url).port);
}

/**
 * A proxy that has a server below a path and takes the path off, as one does who has many.
 * @param prefix the path, such as `/tools/pycell/`
 */
export function startPathProxy(prefix: string, target: string): Promise<OtherServer> {
  return OtherServer.start((request, response) => {
    const { method, url = '/', headers } = request;
    if (!url.startsWith(prefix)) {
      response.writeHead(404).end();
      return;
    }
    const address = new URL(url.slice(prefix.length - 1), target);
    const outgoing = send(address, { method, headers: { ...headers, host: address.host } }, (incoming) => {
      response.writeHead(incoming.statusCode ?? 502, incoming.headers);
      incoming.pipe(response);
    });
    outgoing.once('error', () => response.destroy());
    response.once('close', () => outgoing.destroy());
    request.pipe(outgoing);
  });
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};

/**
 * A plain host of files, as one rents: no compression, no forwarding, no headers of ours.
 * @param prefix the path below which the console lies, such as `/tools/pycell/`
 * @param configuration what `config.json` is there; null: there is none
 */
export function startStaticHost(prefix: string, configuration: string | null): Promise<OtherServer> {
  const files = process.env['CONSOLE_FILES'] ?? join(INSTALLATION, 'dist/apps/console');
  return OtherServer.start((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://host').pathname);
    const name = path === prefix ? 'index.html' : path.slice(prefix.length);
    const file = join(files, name);
    const isConfiguration = name === 'config.json';
    const isFile = statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
    if (!path.startsWith(prefix) || !isFile || (isConfiguration && configuration === null)) {
      response.writeHead(404, { 'Content-Type': 'text/html' }).end('<h1>Not found</h1>');
      return;
    }
    response.setHeader('Content-Type', TYPES[extname(name)] ?? 'application/octet-stream');
    response.end(isConfiguration ? configuration : readFileSync(file));
  });
}
