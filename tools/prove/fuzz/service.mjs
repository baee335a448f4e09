/** The service that is asked: started for this, and looked at before and after. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from '../../bench/server.mjs';
import { eventually } from '../../services/eventually.cjs';
import { memoryOf } from '../../services/processes.cjs';
import { INSTALLATION } from '../../services/service-process.cjs';
import { takeCensus } from '../../soak/census.mjs';
import { compareCensuses } from '../../soak/checks.mjs';

/** Cases are to be quick, and nobody is to be refused for asking often. */
const ENVIRONMENT = {
  ...{ BUILD: 'cloud', SCRIPT_TIMEOUT: '2', MEMORY_LIMIT_MB: '512', MAX_CONCURRENCY: '4', MAX_QUEUE: '1000' },
  // Some requests draw: what they need is there from the start, so that it is counted before, too.
  PRELOAD: 'figures',
  ...{ QUEUE_TIMEOUT: '60', REQUEST_TIMEOUT: '60', EXECUTION_TTL: '30', MAX_KEPT_MB: '8' },
};
/** What the heap may hold more of once thousands of different requests have come: garbage is collected when it must be. */
const MAX_GROWTH_BYTES = 150e6;
/** Threads that start with the first request that needs one have some; thousands of requests would leave more. */
const MORE_DESCRIPTORS = 24;
/** Executions that were started and not waited for end first, and are forgotten. */
const SETTLE_MS = 90_000;
/** A machine that does other work besides takes its time to start a service. */
const READY_MS = 150_000;
const WARM_UP_MS = 120_000;
const STIRRING_ROUNDS = 5;
const STIRRING_RUNS = 8;
const SCRIPT = 'import numpy\n\n\ndef main():\n    return int(numpy.arange(5).sum())';
const DRAWING = 'import matplotlib.pyplot as plt\n\n\ndef main():\n    plt.plot([1, 2])\n    return 10';
const ERROR_LEVEL = 50;

export class FuzzedService {
  #server;
  #folder;
  #headers = { 'Content-Type': 'application/json' };
  /** One that is known, where the service has keys. */
  key;
  #before;
  #saidBefore = 0;

  /** @param {{ keyed?: boolean, environment?: Record<string, string>, warmUp?: (service: FuzzedService) => Promise<unknown> }} how */
  static async start({ keyed = false, environment = {}, warmUp } = {}) {
    const service = new FuzzedService();
    service.#folder = mkdtempSync(join(tmpdir(), 'pycell-fuzz-'));
    try {
      service.#server = await startServer(
        {
          ...ENVIRONMENT,
          ...(keyed && { API_KEYS_FILE: service.#makeKeys(), METADATA_ACCESS: 'key' }),
          ...environment,
        },
        { installation: INSTALLATION, readyTimeoutMs: READY_MS },
      );
      // What is loaded late must be there before it is counted.
      await eventually(() => service.serves(DRAWING), Boolean, WARM_UP_MS);
      await warmUp?.(service);
      service.#saidBefore = service.#server.log().length;
      service.#before = await service.#look();
    } catch (error) {
      await service.stop();
      throw error;
    }
    return service;
  }

  #makeKeys() {
    this.key = `pycell_${randomBytes(32).toString('base64url')}`;
    this.#headers['X-API-Key'] = this.key;
    const sha256 = [createHash('sha256').update(this.key).digest('hex')];
    const file = join(this.#folder, 'keys.json');
    writeFileSync(file, JSON.stringify({ keys: [{ name: 'fuzz', sha256 }] }));
    return file;
  }

  get port() {
    return this.#server.port;
  }

  /** Whether a script gets its answer. */
  async serves(script = SCRIPT) {
    try {
      const answer = await fetch(`http://127.0.0.1:${this.port}/execute`, {
        method: 'POST',
        headers: this.#headers,
        body: JSON.stringify({ script }),
      });
      return (await answer.json()).result === 10;
    } catch {
      // It does not listen any more, or answers something else.
      return false;
    }
  }

  /** @returns what there is once as many spares wait as a busy service has: after quiet moments there are fewer */
  async #look() {
    for (let round = 0; round < STIRRING_ROUNDS; round++) {
      await Promise.all(
        Array.from({ length: STIRRING_RUNS }, (_, index) => this.serves(index % 2 ? SCRIPT : DRAWING)),
      );
    }
    return { census: await takeCensus(this.#server), rss: memoryOf(this.#server.pid).rss };
  }

  /** Lines of the log that tell of a fault of ours. */
  get errors() {
    return this.#server
      .log()
      .slice(this.#saidBefore)
      .split('\n')
      .filter((line) => {
        try {
          return JSON.parse(line).level >= ERROR_LEVEL;
        } catch {
          // Whatever else is said: a fault that Node tells of, for one.
          return line.trim() !== '';
        }
      });
  }

  /** Adds what has become of the service. */
  async check(checks, name) {
    const add = (what, figure, ok) => checks.add(`${name}: ${what}`, figure, ok);
    const serves = () => this.serves();
    const isServing = await eventually(serves, Boolean, SETTLE_MS).catch(() => false);
    add('still executes scripts', isServing ? 'yes' : 'no', isServing);
    if (isServing) {
      const after = await this.#look();
      const same = (what, before, now) => {
        const more = what === 'open descriptors of the API' ? MORE_DESCRIPTORS : 0;
        // Fewer are no leak: a connection that was kept, or a spare of what is renewed just then, may have ended since.
        const isRight = /^(processes|open descriptors)/.test(what) ? now <= before + more : now === before;
        add(what, `${before} before, ${now} after`, isRight);
      };
      compareCensuses({ add, same }, this.#before.census, after.census);
      const [before, now] = [this.#before.rss, after.rss].map((bytes) => bytes / 1e6);
      const figure = `${before.toFixed(0)} MB before, ${now.toFixed(0)} MB after`;
      add('memory of the API', figure, after.rss - this.#before.rss < MAX_GROWTH_BYTES);
    }
    const { errors } = this;
    add('errors in the log', [errors.length, ...errors.slice(0, 3)].join(' | '), errors.length === 0);
  }

  async stop() {
    await this.#server?.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
