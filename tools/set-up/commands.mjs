/** Runs other programs. */
import { spawn } from 'node:child_process';
import { ROOT } from './places.mjs';

const running = new Set();

/**
 * Has Ctrl+C end the programs that run first, and this one when they have: npm, for one, tidies up behind itself, and
 * would take apart what the next command installs if that began meanwhile.
 * @param tidyUp what must be done when they have ended
 */
export function endTogether(tidyUp = async () => {}) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, async () => {
      const ends = [...running].map((child) => new Promise((resolve) => child.once('close', resolve)));
      running.forEach((child) => child.kill(signal));
      await Promise.all(ends);
      await tidyUp();
      process.exit(130);
    });
  }
}

/** Removes these handlers again, so that the caller can install its own. */
export function endSeparately() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.removeAllListeners(signal);
  }
}

/**
 * Runs a program and returns { status, output }. With `show`, its output goes to the terminal as well; without, it is
 * kept and shown only by whoever reports the failure.
 */
export function run(file, args, { show = false, env = process.env, cwd = ROOT } = {}) {
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    child.once('close', () => running.delete(child));
    let output = '';
    for (const [stream, terminal] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ]) {
      stream.setEncoding('utf8');
      stream.on('data', (text) => {
        output += text;
        if (show) {
          terminal.write(text);
        }
      });
    }
    child.once('error', (error) => resolve({ status: 127, output: error.message }));
    child.once('close', (code, signal) => resolve({ status: code ?? 1, output, signal }));
  });
}

/** Runs npm as it runs us, so that the same version is used. */
export function npm(args, options) {
  const script = process.env.npm_execpath;
  return script ? run(process.execPath, [script, ...args], options) : run('npm', args, options);
}

/** Runs a program of node_modules/.bin. */
export function bin(name, args, options) {
  return run(process.execPath, [`${ROOT}/node_modules/.bin/${name}`, ...args], options);
}
