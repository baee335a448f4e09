import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Registry } from 'prom-client';
import { Callers } from '../callers/callers';
import { type Configuration, ConfigurationError } from '../configuration/configuration';
import { CONFIGURATION } from '../configuration/configuration.constants';
import { KeyMetrics } from './key-metrics';

const PATH = '/metrics';
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1|\[::1\])$/i;
/** Whoever scrapes comes with one connection, two at most. */
const MAX_CONNECTIONS = 16;
const MAX_HEADER_BYTES = 8 * 1024;
const REQUEST_TIMEOUT_MS = 5_000;
/** What takes nothing of its answer for so long is cut off. */
const IDLE_TIMEOUT_MS = 10_000;
/** After so long the others have their turn before the next metric is written. */
const TURN_MS = 3;

/**
 * Hands the metrics out, on a listener of its own: whoever may call the service learns nothing of who else does. It is there
 * before the service is, and until its last answers have been sent.
 */
@Injectable()
export class MetricsServer implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Metrics');
  private server: Server | null = null;
  /** Those who ask at the same time share one. */
  private rendering: Promise<string> | null = null;

  constructor(
    private readonly registry: Registry,
    private readonly keys: KeyMetrics,
    private readonly callers: Callers,
    @Inject(CONFIGURATION) private readonly configuration: Pick<Configuration, 'metrics'>,
  ) {}

  /** Where the metrics are; null where nothing listens. */
  get url(): string | null {
    const address = this.server?.address() as AddressInfo | null | undefined;
    if (!address) {
      return null;
    }
    const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
    return `http://${host}:${address.port}${PATH}`;
  }

  /** @throws ConfigurationError where the port that was chosen cannot be had */
  async onApplicationBootstrap(): Promise<void> {
    const { host, port, isPortChosen } = this.configuration.metrics;
    if (port === null) {
      return;
    }
    const server = this.create();
    try {
      await listen(server, port, host);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (isPortChosen || code !== 'EADDRINUSE') {
        throw new ConfigurationError([
          `METRICS_PORT is "${port}", METRICS_HOST "${host}", expected an address that is free: set other ones, or METRICS_PORT=off (${message})`,
        ]);
      }
      this.logger.warn(
        `No metrics: port ${port} is in use. Set METRICS_PORT to a free one, or to off, which says that none are wanted.`,
      );
      return;
    }
    server.on('error', (error) => this.logger.error(error));
    this.server = server;
  }

  onApplicationShutdown(): void {
    this.server?.close();
    this.server?.closeAllConnections();
  }

  private create(): Server {
    const server = createServer(
      {
        maxHeaderSize: MAX_HEADER_BYTES,
        headersTimeout: REQUEST_TIMEOUT_MS,
        requestTimeout: REQUEST_TIMEOUT_MS,
        connectionsCheckingInterval: REQUEST_TIMEOUT_MS / 5,
      },
      (request, response) => void this.answer(request, response),
    );
    server.maxConnections = MAX_CONNECTIONS;
    server.setTimeout(IDLE_TIMEOUT_MS);
    return server;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refusal = this.refusalOf(request);
    if (refusal) {
      const [status, text] = refusal;
      // Its body, if it has one, is not read.
      send(response, status, { Connection: 'close', ...(status === 405 && { Allow: 'GET' }) }, `${text}\n`);
      return;
    }
    try {
      this.rendering ??= this.render().finally(() => (this.rendering = null));
      const text = await this.rendering;
      send(response, 200, { 'Content-Type': this.registry.contentType }, text);
    } catch (error) {
      this.logger.error(error);
      send(response, 500, {}, 'The metrics cannot be read; the log has the cause.\n');
    }
  }

  private refusalOf({ method, url, headers }: IncomingMessage): readonly [number, string] | null {
    // By DNS rebinding a web page could otherwise read the names of keys from a developer's machine.
    const name = (headers.host ?? '').replace(/:\d+$/, '');
    if (LOOPBACK.test(this.configuration.metrics.host) && !LOOPBACK.test(name)) {
      return [400, 'Host is not a name of loopback: set METRICS_HOST to be asked from elsewhere.'];
    }
    if (url?.split('?')[0] !== PATH) {
      return [404, `There is only ${PATH} here.`];
    }
    return method === 'GET' ? null : [405, 'Only GET is answered here.'];
  }

  private async render(): Promise<string> {
    await this.keys.update(this.callers.keyNames, performance.now());
    const texts: string[] = [];
    let turnBegan = performance.now();
    for (const { name } of this.registry.getMetricsAsArray()) {
      texts.push(await this.registry.getSingleMetricAsString(name));
      if (performance.now() - turnBegan >= TURN_MS) {
        await setImmediate();
        turnBegan = performance.now();
      }
    }
    return `${texts.join('\n\n')}\n`;
  }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}

function send(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  text: string,
): void {
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'Content-Length': Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}
