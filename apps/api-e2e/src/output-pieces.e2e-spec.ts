import { memoryOf } from '../../../tools/services/processes.cjs';
import { PRELUDE } from './containment/containment-case';
import { ApiServer } from './harness/api-server';
import { cpuSecondsOf, wakeUpsOf } from './harness/cpu-time';
import { describeCloud } from './harness/jail-support';
import { supervisorBelow } from './harness/processes';
import { sampled } from './harness/sampling';

const SECONDS = 5;
/**
 * How often each of service and supervisor may be woken meanwhile: they look some 300 times a second, whatever the
 * script does. A count, because a slow machine spends more time on the same work.
 */
const MOST_WAKE_UPS = 500 * SECONDS;
/** What each of them may spend, whatever the machine; it was up to a third and three fifths of the time. */
const MOST_CPU_SECONDS = 0.3 * SECONDS;

/** What is done again and again, so that each byte is read alone if the reader reads whenever it can. */
const WAYS: Readonly<Record<string, string>> = {
  'as fast as can be': 'write()',
  'each a packet of its own, where that can be had': 'attempt(make_packets), write()',
  'each when the one before has been read': 'write(), wait_until_read()',
  'each a tenth of a millisecond after the one before': 'write(), time.sleep(0.0001)',
};

/** Writes bytes to a descriptor, in one of the ways, and then exits. */
function script(number: string, way: string): string {
  return `${PRELUDE}
import array, fcntl
def main():
    number = ${number}
    pending = array.array("i", [0])
    end = time.monotonic() + ${SECONDS}
    def make_packets():
        fcntl.fcntl(number, fcntl.F_SETFL, fcntl.fcntl(number, fcntl.F_GETFL) | 0o40000)
    def write():
        os.write(number, b"x")
    def wait_until_read():
        while fcntl.ioctl(number, 0x541B, pending) == 0 and pending[0] and time.monotonic() < end:
            pass
    if number > 2:
        os.write(number, struct.pack("!BBHII", 20, 0, 0, 0, 4_000_000))
    while time.monotonic() < end:
        ${way}
    os._exit(0)
`;
}

/** Of a run at most. */
const OUTPUT_BYTES = 16 * 1024 * 1024;

describeCloud('A script that writes byte by byte', () => {
  let server: ApiServer;

  beforeAll(async () => {
    server = await ApiServer.start({
      BUILD: 'cloud',
      SCRIPT_POLICY: 'off',
      MAX_OUTPUT_BYTES: String(OUTPUT_BYTES),
    });
  });

  afterAll(() => server.stop());

  describe.each([
    ['what it prints', '1', 'SCRIPT_EXITED'],
    ['to the channel of its result', 'descriptors()[-1]', 'SCRIPT_CRASHED'],
  ])('%s', (_what, number, code) => {
    it.each(sampled(Object.entries(WAYS), 0.4, 'output in pieces'))(
      'costs others no more than itself: %s',
      async (_how, way) => {
        const supervisor = supervisorBelow(server.pid);
        const pids = [server.pid, supervisor?.pid ?? 0];
        const spent = (): number[] => [...pids.map(cpuSecondsOf), ...pids.map(wakeUpsOf)];
        const [before, rss] = [spent(), memoryOf(server.pid).rss];
        const { body } = await server.client.execute(script(number, way));
        const [service, watching, ...wakeUps] = spent().map((value, index) => value - (before[index] ?? 0));
        expect(body.code).toBe(code);
        expect(Math.max(...wakeUps)).toBeLessThan(MOST_WAKE_UPS);
        expect(service).toBeLessThan(MOST_CPU_SECONDS);
        expect(watching).toBeLessThan(MOST_CPU_SECONDS);
        // Of what it may print, the pieces, the text and the answer; and what V8 has not collected yet.
        expect(memoryOf(server.pid).rss - rss).toBeLessThan(8 * OUTPUT_BYTES);
      },
    );
  });
});
