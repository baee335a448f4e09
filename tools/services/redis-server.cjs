/** Starts a Redis of our own, kills it, has it hang, and starts it there again. */
const { execFileSync, spawn } = require('node:child_process');
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { createServer } = require('node:net');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { eventually } = require('./eventually.cjs');

const PROGRAM = 'redis-server';
const MISSING = `There is no ${PROGRAM}, which this needs: apt-get install ${PROGRAM}`;
/** What makes one keep what was written, also when it is killed: options of `start` and `launch`. */
const KEEPING = ['--appendonly', 'yes', '--appendfsync', 'always'];

/**
 * What it shows to its clients, and the file of the authority by which they know it; then it speaks TLS, and nothing else.
 * @typedef {{ readonly key: string, readonly cert: string, readonly authority: string }} Tls
 */

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
// Should this process end first, its servers go with it; one that is stopped would stay otherwise.
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** A Redis on a port of loopback that keeps nothing on disk unless its options say so. It can be killed, and started there again. */
class RedisServer {
  /** @param {number} port @param {string} password @param {Tls | null} [tls] */
  constructor(port, password, tls = null) {
    this.port = port;
    this.password = password;
    this.tls = tls;
    this.folder = mkdtempSync(join(tmpdir(), 'pycell-redis-'));
    /** @type {import('node:child_process').ChildProcess | null} */
    this.child = null;
  }

  /**
   * Starts one.
   * @param {readonly string[]} [options] such as `['--maxmemory', '1']`
   * @param {string} [password]
   * @param {Tls | null} [tls]
   * @returns {Promise<RedisServer>}
   * @throws Error with the way to install it, where this machine has none
   */
  static async start(options = [], password = '', tls = null) {
    const server = await RedisServer.prepare(password, tls);
    await server.launch(options);
    return server;
  }

  /** Chooses a port for one that is not started yet. @param {string} [password] @param {Tls | null} [tls] */
  static async prepare(password = '', tls = null) {
    return new RedisServer(await freePort(), password, tls);
  }

  /** What `REDIS_URL` is for it. */
  get url() {
    return this.urlWith(this.password);
  }

  /** Of the process; null while there is none. @returns {number | null} */
  get pid() {
    return this.child?.pid ?? null;
  }

  /** @param {string} password */
  urlWith(password) {
    return `redis${this.tls ? 's' : ''}://${password === '' ? '' : `:${encodeURIComponent(password)}@`}127.0.0.1:${this.port}`;
  }

  /**
   * Starts it where it was before, and waits until it answers. There is nothing in it but what it was told to keep on disk.
   * @param {readonly string[]} [options]
   */
  async launch(options = []) {
    const where = [...this.listening(), '--bind', '127.0.0.1', '--dir', this.folder];
    const forgetful = ['--save', '', '--appendonly', 'no'];
    const secret = this.password === '' ? [] : ['--requirepass', this.password];
    const child = spawn(PROGRAM, [...where, ...forgetful, ...secret, ...options], { stdio: 'ignore' });
    const failed = new Promise((_, reject) => child.once('error', () => reject(new Error(MISSING))));
    running.add(child);
    child.once('close', () => running.delete(child));
    this.child = child;
    const answers = eventually(
      () => this.tryCommand('PING'),
      (answer) => answer === 'PONG',
    );
    await Promise.race([failed, answers]);
  }

  /**
   * Sends a command, and returns what it answers as text.
   * @param {readonly string[]} words
   * @returns {string}
   */
  command(...words) {
    const tls = this.tls ? ['--tls', '--cacert', this.tls.authority] : [];
    return execFileSync('redis-cli', ['-h', '127.0.0.1', '-p', String(this.port), ...tls, ...words], {
      env: { ...process.env, ...(this.password !== '' && { REDISCLI_AUTH: this.password }) },
      encoding: 'utf8',
      timeout: 20_000,
      maxBuffer: 256 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  }

  /** @param {'SIGSTOP' | 'SIGCONT'} name SIGSTOP has it hang, SIGCONT go on */
  signal(name) {
    this.child?.kill(name);
  }

  /** Kills it at once. */
  async kill() {
    const { child } = this;
    this.child = null;
    if (child?.exitCode === null && child.signalCode === null) {
      const closed = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGKILL');
      await closed;
    }
  }

  async stop() {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The options that say where it listens. */
  listening() {
    const port = String(this.port);
    if (!this.tls) {
      return ['--port', port];
    }
    const [key, cert] = [join(this.folder, 'redis.key'), join(this.folder, 'redis.pem')];
    writeFileSync(key, this.tls.key);
    writeFileSync(cert, this.tls.cert);
    // Its clients are known by their password, not by certificates of their own.
    const files = ['--tls-key-file', key, '--tls-cert-file', cert, '--tls-auth-clients', 'no'];
    return ['--port', '0', '--tls-port', port, ...files];
  }

  /** @param {readonly string[]} words */
  tryCommand(...words) {
    try {
      return this.command(...words);
    } catch {
      // redis-cli fails as long as nobody listens.
      return '';
    }
  }
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

module.exports = { KEEPING, RedisServer };
