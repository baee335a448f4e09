/** The processes of a proof: one Redis that keeps what it has answered for, APIs and workers. Each may be killed, and started again. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../../services/eventually.cjs';
import { KEEPING, RedisServer } from '../../services/redis-server.cjs';
import { API_ANNOUNCEMENT, ServiceProcess } from '../../services/service-process.cjs';

/** A machine that does other work besides takes its time to start a service. */
const READY_TIMEOUT_MS = 150_000;
const READY_POLL_MS = 50;
const METRICS_ANNOUNCEMENT = /metrics on (http:\S+)/;

/** One process of ours that is started again and again, always with the same log. */
class Member {
  #service = null;
  #environment;
  #expectsExit = false;
  /** Where it answers; null until it has listened for the first time. */
  url = null;
  logFile;
  /** What it wrote to standard error, of all its lives. */
  #errors = [];
  /** Ends that nobody asked for. */
  unexpectedExits = [];

  constructor(name, environment, folder) {
    this.name = name;
    this.#environment = environment;
    this.logFile = join(folder, `${name.replace(' ', '-')}.log`);
  }

  async start() {
    const service = new ServiceProcess({
      script: 'dist/apps/api/main.js',
      environment: this.#environment,
      logFile: this.logFile,
      detached: true,
    });
    this.#service = service;
    this.#expectsExit = false;
    this.#errors.push(service);
    service.child.once('exit', (code, signal) => {
      if (this.#service === service && !this.#expectsExit) {
        this.unexpectedExits.push(`${this.name} ended with ${code ?? signal}: ${service.stderr.slice(-400)}`);
      }
    });
    this.url = await service.announced(API_ANNOUNCEMENT);
    await eventually(() => this.#isReady(), Boolean, READY_TIMEOUT_MS);
  }

  async #isReady() {
    try {
      return (await fetch(`${this.url}/health/ready`)).ok || this.#service.hasExited;
    } catch {
      // It does not listen yet, or was killed meanwhile.
      await delay(READY_POLL_MS);
      return false;
    }
  }

  async kill() {
    this.#expectsExit = true;
    const { child } = this.#service;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  signal(name) {
    this.#service.signal(name);
  }

  async stop() {
    this.#expectsExit = true;
    if (this.#service && !this.#service.hasExited) {
      return this.#service.stop();
    }
    return null;
  }

  get pid() {
    return this.#service.pid;
  }

  get log() {
    return [readFileSync(this.logFile, 'utf8'), ...this.#errors.map(({ stderr }) => stderr)].join('\n');
  }

  get metricsUrl() {
    return METRICS_ANNOUNCEMENT.exec(this.#service.stderr)?.[1] ?? null;
  }
}

/** Redis as a member of the fleet. */
class RedisMember {
  name = 'redis';
  unexpectedExits = [];

  constructor(server) {
    this.server = server;
  }

  start() {
    return this.server.launch(KEEPING);
  }

  kill() {
    return this.server.kill();
  }

  signal(name) {
    this.server.signal(name);
  }
}

export class Fleet {
  /** Of each owner one. */
  keys = ['first', 'second'].map(() => `pycell_${randomBytes(32).toString('base64url')}`);
  #folder = mkdtempSync(join(tmpdir(), 'pycell-queue-'));
  /** Places of each worker. */
  places;
  #redis;

  /** @param {{ places: number, environment?: Record<string, string> }} settings more variables of all processes */
  static async start({ places, environment = {} }) {
    const fleet = new Fleet();
    fleet.places = places;
    const redis = await RedisServer.prepare();
    fleet.#redis = new RedisMember(redis);
    const keysFile = join(fleet.#folder, 'keys.json');
    const hash = (key) => createHash('sha256').update(key).digest('hex');
    const entries = fleet.keys.map((key, owner) => ({ name: `owner-${owner}`, sha256: [hash(key)] }));
    writeFileSync(keysFile, JSON.stringify({ keys: entries }));
    const common = {
      ...{ BUILD: 'cloud', PORT: '0', HOST: '127.0.0.1', METRICS_PORT: '0', LOG_LEVEL: 'info' },
      ...{ REDIS_URL: redis.url, API_KEYS_FILE: keysFile, EXECUTION_TTL: '86400', ...environment },
    };
    const member = (role, number, MAX_CONCURRENCY) =>
      new Member(`${role} ${number}`, { ...common, ROLE: role, MAX_CONCURRENCY }, fleet.#folder);
    fleet.apis = [1, 2].map((number) => member('api', number, '2'));
    fleet.workers = [1, 2].map((number) => member('worker', number, String(places)));
    try {
      await fleet.#redis.start();
      // One after the other: four at once would keep each other from being ready in time.
      for (const one of fleet.members) {
        await one.start();
      }
    } catch (error) {
      await fleet.stop();
      throw error;
    }
    return fleet;
  }

  get members() {
    return [...this.apis, ...this.workers];
  }

  get redis() {
    return this.#redis.server;
  }

  get unexpectedExits() {
    return this.members.flatMap(({ unexpectedExits }) => unexpectedExits);
  }

  get logs() {
    return this.members.map(({ name, log }) => ({ name, text: log }));
  }

  /** @param {'api' | 'worker' | 'redis'} victim */
  memberOf(victim, index) {
    return { api: this.apis, worker: this.workers, redis: [this.#redis] }[victim][index];
  }

  /** What every process tells of the queue. NaN is a figure that is missing. */
  metrics() {
    return Promise.all(
      this.members.map(async ({ name, metricsUrl }) => {
        const text = metricsUrl ? await (await fetch(metricsUrl)).text() : '';
        const figure = (of) => Number(new RegExp(`^${of}(?:\\{.*\\})? (\\S+)$`, 'm').exec(text)?.[1] ?? NaN);
        return {
          ...{ name, waiting: figure('pycell_jobs_waiting'), running: figure('pycell_jobs_running') },
        };
      }),
    );
  }

  /** Ends all, and leaves the logs. @returns those that did not end in order, in words */
  async stop() {
    const exits = await Promise.all(this.members.map((one) => one.stop()));
    await this.redis.stop();
    // Node ends by the signal once everything else has ended.
    return this.members.flatMap(({ name }, index) => {
      const exit = exits[index];
      return exit && (exit.signal === 'SIGTERM' || exit.code === 0)
        ? []
        : [`${name} was stopped by ${exit?.signal ?? exit?.code ?? 'nothing'}`];
    });
  }

  dispose() {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get folder() {
    return this.#folder;
  }
}
