import { execFileSync } from 'node:child_process';
import type { HttpClient } from '../harness/http-client';
import { INSTALLED } from '../harness/installed-sandbox';
import { sampled } from '../harness/sampling';
import { PRELUDE } from './containment-case';

/** A system call, its arguments, and what the table of system calls says of it. */
type Planned = readonly [number: number, arguments: readonly string[], answer: string];

/** So many calls are tried in one run: some 300 kB of script. */
const CALLS_PER_RUN = 4_000;
/** More than a kernel of today has, and some that it may have one day. */
const NUMBERS = [...Array(480).keys(), 512, 547, 600, 1023];

/** A jail for each number takes a while. */
const SWEEP_TIMEOUT_MS = 600_000;

/** What the sweep needs beside the settings of the corpus: its scripts are long lists. */
export const SWEEP_SETTINGS = { MAX_SCRIPT_SIZE: '1000000' } as const;

function plan(): readonly Planned[] {
  const printed = execFileSync(INSTALLED.python, ['-m', 'tests.kernel.sweep_plan'], {
    cwd: INSTALLED.runner,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  // Arguments stay text: they have 64 bits.
  return printed
    .trim()
    .split('\n')
    .map((line) => {
      const [, number, words = '', answer = ''] = /^\[(\d+),\[([\d,]+)\],"(\w+)"\]$/.exec(line) ?? [];
      return [Number(number), words.split(','), answer];
    });
}

/** Tries the calls, and tells of those whose answer is another one. */
function script(calls: readonly Planned[]): string {
  const list = calls.map(([number, words, answer]) => `(${number},${words.join(',')},"${answer}")`);
  return `${PRELUDE}
CALLS = [${list.join(',')}]

def answer(number, words):
    ctypes.set_errno(0)
    result = libc.syscall(ctypes.c_long(number), *map(ctypes.c_ulong, words))
    return errno.errorcode.get(ctypes.get_errno(), "?") if result == -1 else str(result)

def main():
    wrong = []
    for number, *words, expected in CALLS:
        told = answer(number, words)
        if told == "EPERM" if expected == "allowed" else told != expected:
            wrong.append([number, words, expected, told])
    return [len(CALLS), wrong[:20]]
`;
}

const X32 = (number: number): string =>
  `${PRELUDE}\ndef main():\n    return call(0x40000000 | ${number}, 0, 0, 0, 0, 0, 0)\n`;

/** mov eax, number; int 0x80; ret */
const I386 = (number: number): string => `${PRELUDE}
import mmap
def main():
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(b"\\xb8" + (${number}).to_bytes(4, "little") + b"\\xcd\\x80\\xc3")
    return ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
`;

/**
 * Defines the sweep of system calls in a real jail: every number, every class of arguments, and the other two ways into
 * the kernel, against the table in apps/runner. Of each, the share that is asked for, from 0 to 1.
 */
export function describeSweep(client: () => HttpClient, share: number, mode: string): void {
  describe('gets of the kernel what the table of system calls says', () => {
    it('for every number and class of arguments', async () => {
      const calls = sampled(plan(), share, `sweep ${mode}`);
      expect(calls.length).toBeGreaterThan(1_000);
      for (let from = 0; from < calls.length; from += CALLS_PER_RUN) {
        const part = calls.slice(from, from + CALLS_PER_RUN);
        const { body } = await client().execute(script(part));
        expect(body.result ?? body.error).toEqual([part.length, []]);
      }
    });

    it.each([
      ['uretprobe', 335],
      ['uprobe', 336],
    ])('and gains nothing by %s, which newer kernels let pass by every filter', async (_name, number) => {
      const { body } = await client().execute(
        `${PRELUDE}\ndef main():\n    return call(${number}, 0, 0, 0, 0, 0, 0)\n`,
      );
      expect(body.result ?? body.error).toMatch(/^EPERM$|^ENXIO$|SIGILL/);
    });

    it.each([
      ['x32', X32, /SIGSYS/],
      // A kernel without the emulation of i386 has no such instruction.
      ['i386', I386, /SIGSYS|SIGSEGV/],
    ])(
      'and dies by a call of %s, whatever its number',
      async (abi, make, death) => {
        const ended: unknown[] = [];
        for (const number of sampled(NUMBERS, share / 10, `sweep ${mode} ${abi}`)) {
          const { body } = await client().execute(make(number));
          if (body.code !== 'SCRIPT_CRASHED' || !death.test(body.error)) {
            ended.push([number, body]);
          }
        }
        expect(ended).toEqual([]);
      },
      SWEEP_TIMEOUT_MS,
    );
  });
}
