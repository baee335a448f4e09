import type { ApiServer } from '../harness/api-server';
import { pairScript } from './pair-kind';

const raw = String.raw;

/** What forks of one zygote have in common: where libraries lie, the hash seed, the stack canary. */
const BIRTH = pairScript(
  {},
  raw`
    libc.pthread_self.restype = ctypes.c_void_p
    place = ctypes.cast(libc.write, ctypes.c_void_p).value
    return [hex(place), hash("pair"), ctypes.string_at(libc.pthread_self() + 0x28, 8).hex()]
  `,
);

/** How many of so many runs, one after the other, have an address layout, a hash seed and a canary of their own. */
export async function countBirths(server: ApiServer, runs: number): Promise<readonly number[]> {
  const births: string[][] = [];
  for (let run = 0; run < runs; run++) {
    births.push((await server.client.execute(BIRTH)).body.result as string[]);
  }
  return [0, 1, 2].map((part) => new Set(births.map((birth) => birth[part])).size);
}

const BITS = 60;

/** Burns CPU time in the slots of ones, with as many threads as there may be, outside of the interpreter lock. */
const sender = (bits: readonly number[], startSeconds: number, slotSeconds: number): string =>
  pairScript(
    { BITS: bits, START: startSeconds, SLOT: slotSeconds },
    raw`
      import hashlib
      def work():
          for n, bit in enumerate(BITS):
              end = START + (n + 1) * SLOT
              while bit and time.time() < end:
                  hashlib.pbkdf2_hmac("sha256", b"x", b"y", 2000)
              time.sleep(max(0, end - time.time()))
      threads = [threading.Thread(target=work) for _ in range(6)]
      for thread in threads:
          thread.start()
      for thread in threads:
          thread.join()
      return []
    `,
  );

/** Counts how far it gets in each slot. */
const receiver = (startSeconds: number, slotSeconds: number): string =>
  pairScript(
    { COUNT: BITS, START: startSeconds, SLOT: slotSeconds },
    raw`
      counts = []
      time.sleep(max(0, START - time.time()))
      for n in range(COUNT):
          done, end = 0, START + (n + 1) * SLOT
          while time.time() < end:
              done += 1
          counts.append(done)
      return counts
    `,
  );

/** What two runs that collude can tell each other by using the processors or not. */
export interface ContentionChannel {
  readonly bitsPerSecond: number;
  /** From 0 to 1; a half is nothing. */
  readonly wrongShare: number;
}

/** Sends bits by contention, some 3 seconds long. */
export async function measureContention(
  server: ApiServer,
  slotMs: number,
  random: () => number,
): Promise<ContentionChannel> {
  const bits = Array.from({ length: BITS }, (_, index) =>
    index % 2 === 0 ? (index / 2) % 2 : Math.round(random()),
  );
  const [startSeconds, slotSeconds] = [Date.now() / 1000 + 0.3, slotMs / 1000];
  const [, received] = await Promise.all([
    server.client.execute(sender(bits, startSeconds, slotSeconds)),
    server.client.execute(receiver(startSeconds, slotSeconds)),
  ]);
  const counts = received.body.result as number[];
  const middle = counts.toSorted((one, other) => one - other)[BITS / 2] ?? 0;
  const wrong = bits.filter((bit, index) => bit !== Number((counts[index] ?? 0) < middle)).length;
  return { bitsPerSecond: 1000 / slotMs, wrongShare: wrong / BITS };
}
