/** What the same machine needs for the bare work, in the same run: the yardstick for every other figure. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { run } from '../set-up/commands.mjs';
import { ROOT } from '../set-up/places.mjs';
import { floorScriptOf, ZYGOTE_KINDS } from './works.mjs';

/** Bare interpreter start, and bare import of pandas, as whole processes without any isolation. */
export const PROCESSES = [
  { name: '`python3 -c pass`', code: 'pass' },
  { name: '`python3 -c "import pandas"`', code: 'import pandas' },
];

const FLOOR = fileURLToPath(new URL('floor.py', import.meta.url));

/** Returns how long one whole process took, milliseconds. */
export async function timeProcess({ python, packages }, { code }) {
  const since = performance.now();
  const prelude = `import sys; sys.path.append(${JSON.stringify(packages)}); `;
  const { status, output } = await run(python, ['-I', '-S', '-B', '-c', prelude + code]);
  if (status !== 0) {
    throw new Error(`The reference failed: ${output}`);
  }
  return performance.now() - since;
}

/** A warm interpreter that executes one work in forks of itself (floor.py). */
export class Floor {
  #child;
  #answers;
  #work;

  constructor({ python, packages }, work) {
    this.#work = work;
    const args = [
      '-I',
      '-S',
      '-B',
      '-X',
      'utf8',
      FLOOR,
      join(ROOT, 'apps/runner'),
      packages,
      ZYGOTE_KINDS[work],
    ];
    this.#child = spawn(python, args, {
      env: { OPENBLAS_NUM_THREADS: '1' }, // as in a zygote: a process with threads forks more slowly
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
    this.#child.stdin.on('error', () => this.#child.kill()); // it ended: `measure` reports the missing answer
  }

  /** Returns the times of the runs that fitted into `seconds`, milliseconds. */
  async measure(seconds) {
    this.#child.stdin.write(`${JSON.stringify({ script: floorScriptOf(this.#work), seconds })}\n`);
    const { value, done } = await this.#answers.next();
    if (done) {
      throw new Error('The process that measures the floor ended. The lines above tell why.');
    }
    return JSON.parse(value);
  }

  stop() {
    this.#child.stdin.end();
  }
}
