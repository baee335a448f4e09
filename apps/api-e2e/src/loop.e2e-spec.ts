import { WatchedServer } from './harness/loop-stall';
import { hardTexts, KNOWN_FRAGMENTS, repeated } from './harness/hard-texts';
import { describeCloud } from './harness/jail-support';
import { chooseSeed, sampled } from './harness/sampling';

/** What no text may hold the event loop for, milliseconds. */
const PROMISED_MS = 20;

/** Lengths on both sides of what is tried on the event loop, the default limit, and a raised one. */
const SIZES = [
  { length: 1_990, count: 1_200 },
  { length: 10_000, count: 600 },
  { length: 200_000, count: 120 },
] as const;

/** The texts of one size, known and random ones. */
function textsOf({ length, count }: (typeof SIZES)[number]): readonly string[] {
  const random = hardTexts(count, length, chooseSeed() ^ length);
  return [
    ...sampled(KNOWN_FRAGMENTS, length > 100_000 ? 0.3 : 1, 'loop').map((fragment) =>
      repeated(fragment, length),
    ),
    ...sampled(random, 0.03, `loop ${length}`),
  ];
}

describeCloud('The event loop', () => {
  let watched: WatchedServer;

  beforeAll(async () => {
    watched = await WatchedServer.start({
      BUILD: 'cloud',
      MAX_SCRIPT_SIZE: '200000',
      SCRIPT_TIMEOUT: '1',
      LOG_LEVEL: 'error',
    });
    // What is compiled only once is no property of a text.
    await Promise.all(
      ['x = 1', 'def main():\n  return 1', 'x ='].map((script) => watched.server.client.execute(script)),
    );
    await watched.server.client.execute('x = 1\n'.repeat(2_000));
    await watched.longestStall();
  });

  afterAll(() => watched.stop());

  it.each(SIZES)(
    'is held by no text of $length characters for long',
    async (size) => {
      const slow: string[] = [];
      let worst = 0;
      for (const script of textsOf(size)) {
        const { status, body } = await watched.server.client.execute(script);
        const { stallMs } = await watched.longestStall();
        worst = Math.max(worst, stallMs);
        if (stallMs > PROMISED_MS || status >= 500) {
          slow.push(
            `${stallMs.toFixed(1)} ms, ${status} ${body.code}: ${JSON.stringify(script.slice(0, 80))}`,
          );
        }
      }
      process.stdout.write(
        `PASS  loop: ${size.length} characters held it for ${worst.toFixed(1)} ms at most\n`,
      );
      expect(slow).toEqual([]);
    },
    1_800_000,
  );

  it('wrote no error into the log', () => {
    expect(watched.server.logRecords.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  });
});
