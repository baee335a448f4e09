/** Starts a server of ours as a process of its own, waits until it listens, and ends it. */
const { spawn } = require('node:child_process');
const { closeSync, openSync } = require('node:fs');
const { resolve } = require('node:path');
const { eventually } = require('./eventually.cjs');

/** The checkout; an installation that is tested may be another folder, see INSTALLATION. */
const ROOT = resolve(__dirname, '../..');
/** The installation under test: this checkout, or what PYCELL_INSTALLATION names (the folder that holds `dist/`). */
const INSTALLATION = resolve(process.env['PYCELL_INSTALLATION'] ?? ROOT);

/** What a server logs when it listens; the address is in the first group. */
const API_ANNOUNCEMENT = /^pycell (?:API|worker|callbacks) on (http:\/\/\S+) \(/m;
const CONSOLE_ANNOUNCEMENT = /^pycell console on (http:\/\/\S+) \(/m;

/** Variables of the caller that say where things are; no other variable reaches a server. */
const PASSED_ON = ['PATH', 'HOME', 'TMPDIR', 'NSJAIL_PATH', 'SANDBOX_ROOT', 'PYTHON', 'CONSOLE_FILES'];

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 30_000;

/** @type {Set<ServiceProcess>} */
const running = new Set();
// Should this process end first, its servers go with it.
process.once('exit', () => running.forEach((service) => service.signal('SIGKILL')));

/**
 * @typedef {object} ServiceDescription
 * @property {string} script relative to the installation
 * @property {Readonly<Record<string, string>>} environment
 * @property {string} [installation]
 * @property {string} [node] the Node that it runs on; by default ours
 * @property {readonly string[]} [nodeArguments]
 * @property {readonly string[]} [launcher] program and arguments that become the server
 * @property {number} [uid] another user than the caller
 * @property {number} [gid]
 * @property {string} [logFile] takes what it writes to standard output, instead of `stdout`: a pipe that is full loses lines
 * @property {boolean} [detached] out of reach of Ctrl+C in the terminal; endServicesWithUs passes it on, once
 */

/** How a server ended. @typedef {{ readonly code: number | null, readonly signal: NodeJS.Signals | null }} ServiceExit */

/** A server process that may or may not start, with everything that it logs. */
class ServiceProcess {
  /** @param {ServiceDescription} description */
  constructor({
    script,
    environment,
    installation = INSTALLATION,
    node = process.execPath,
    nodeArguments = [],
    launcher = [],
    logFile,
    ...how
  }) {
    const passedOn = PASSED_ON.filter((name) => process.env[name] !== undefined);
    this.script = script;
    this.stdout = '';
    this.stderr = '';
    this.spawnedAtMs = performance.now();
    const command = [node, ...nodeArguments, resolve(installation, script)];
    const [file = '', ...args] = [...launcher, ...command];
    const log = logFile === undefined ? /** @type {const} */ ('pipe') : openSync(logFile, 'a');
    this.child = spawn(file, args, {
      ...how,
      cwd: installation,
      env: { ...Object.fromEntries(passedOn.map((name) => [name, process.env[name]])), ...environment },
      stdio: ['ignore', log, 'pipe'],
    });
    if (typeof log === 'number') {
      closeSync(log);
    }
    this.child.stdout?.setEncoding('utf8').on('data', (text) => (this.stdout += text));
    this.child.stderr?.setEncoding('utf8').on('data', (text) => (this.stderr += text));
    /** @type {Promise<ServiceExit>} */
    this.exited = new Promise((settle) => {
      this.child.once('close', (code, signal) => settle({ code, signal }));
    });
    running.add(this);
    void this.exited.then(() => running.delete(this));
  }

  /** @returns {number} */
  get pid() {
    if (this.child.pid === undefined) {
      throw new Error(`${this.script} could not be started`);
    }
    return this.child.pid;
  }

  /** Everything that the server wrote so far. */
  get log() {
    return this.stdout + this.stderr;
  }

  get hasExited() {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** @param {NodeJS.Signals} name */
  signal(name) {
    this.child.kill(name);
  }

  /**
   * Waits until `announcement` matches what the server logs on stderr.
   * @param {RegExp} announcement
   * @returns {Promise<string>} its first group
   * @throws Error with the server's log when it ends, or there is no match in time; then it is killed
   */
  async announced(announcement) {
    const look = () => announcement.exec(this.stderr)?.[1];
    const found = await eventually(
      look,
      (text) => text !== undefined || this.hasExited,
      START_TIMEOUT_MS,
    ).catch(look);
    if (found === undefined) {
      this.signal('SIGKILL');
      await this.exited;
      throw new Error(`${this.script} did not start:\n${this.log}`);
    }
    return found;
  }

  /** Ends the server in an orderly way; by force when that takes too long. */
  async stop() {
    this.signal('SIGTERM');
    const force = setTimeout(() => this.signal('SIGKILL'), STOP_TIMEOUT_MS);
    const exit = await this.exited;
    clearTimeout(force);
    return exit;
  }
}

/** Has Ctrl+C end the servers in an orderly way before this process ends. */
function endServicesWithUs() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, async () => {
      await Promise.all([...running].map((service) => service.stop()));
      process.exit(130);
    });
  }
}

module.exports = {
  API_ANNOUNCEMENT,
  CONSOLE_ANNOUNCEMENT,
  INSTALLATION,
  ROOT,
  ServiceProcess,
  endServicesWithUs,
};
