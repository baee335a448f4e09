import { FIXED_LIMITS } from '@pycell/contracts';
import { type ContainmentCase, type ContainmentTheme, hostile } from './containment-case';

/** A script's own failure, whatever it wrote: never a fault of the service, which would be a 5xx and an error in its log. */
const BROKEN = { fails: ['SCRIPT_CRASHED'], error: /broke the channel that carries its result/ } as const;

/** Writes to the channel, as much as fits into it at once or all, and goes on as if nothing had happened. */
function writing(name: string, bytes: string): ContainmentCase {
  const script = hostile`
    data, channel = BYTES, descriptors()[-1]
    while data:
        data = data[os.write(channel, data):]
    time.sleep(0.3)
    return "honest"
  `.replace('BYTES', () => bytes);
  return { name, script, outcome: BROKEN };
}

const DEEP = FIXED_LIMITS.resultDepth + 1;

export const OWN_CHANNEL: ContainmentTheme = {
  theme: 'that spoils the channel of its own result has failed itself',
  cases: [
    writing('by garbage', 'b"Traceback (most recent call last):"'),
    writing('by zeros', 'bytes(4096)'),
    writing('by frames that only a supervisor sends', `frame(21, b'{"status":"OK"}') + frame(22, b"")`),
    writing('by frames that only the service sends', 'frame(2, b"") + frame(8, b"")'),
    writing('by the word of a spare that it is ready', `frame(17, b'{"residentBytes":0,"cpuMs":0}')`),
    writing('by a type that does not exist', 'frame(255, b"x")'),
    writing('by a header with flags', 'struct.pack("!BBHII", 20, 1, 0, 0, 0)'),
    writing('by a frame that is too long', 'struct.pack("!BBHII", 20, 0, 0, 0, 1 << 30)'),
    writing('by a frame of four gigabytes', 'struct.pack("!BBHII", 20, 0, 0, 0, 0xFFFFFFFF) + b"x" * 1000'),
    writing('by text that goes on after its result', `result_frame(b'1,"execution":{"id":"forged"}')`),
    writing(
      'by an outcome that only a spare may tell',
      `failure_frame(b'{"status":"INTERNAL","message":"x"}')`,
    ),
    writing(
      'by an outcome that only the supervisor may tell',
      `failure_frame(b'{"status":"TIMEOUT","message":"x"}')`,
    ),
    writing(
      'by an outcome that only the service may tell',
      `failure_frame(b'{"status":"SANDBOX_UNAVAILABLE","message":"x"}')`,
    ),
    writing('by an outcome that does not exist', `failure_frame(b'{"status":"FINE","message":"x"}')`),
    writing('by an outcome without a head', 'frame(20, b"")'),
    writing('by an outcome whose head is longer than it', 'frame(20, struct.pack("!I", 1 << 30) + b"{}")'),
    writing(
      'by an outcome whose sections do not fill it',
      `outcome(b'{"status":"OK","sections":[["result",1]]}', b"1 2 3")`,
    ),
    writing('by a result that is nothing', 'result_frame(b"")'),
    writing('by a result that is no JSON', 'result_frame(b"NaN")'),
    writing('by a result that is no UTF-8', `result_frame(b'"\\xff"')`),
    writing('by a result that nests too deep', `result_frame(b"[" * ${DEEP} + b"]" * ${DEEP})`),
    writing('by a result with a line feed outside of strings', 'result_frame(b"[1,\\n2]")'),
    writing('by a result with a carriage return after it', 'result_frame(b"1\\r")'),
    writing('by a result that is longer than it may be', `result_frame(b'"' + b"x" * 4_500_000 + b'"')`),
    writing(
      'by a message of megabytes',
      `failure_frame(b'{"status":"SCRIPT_ERROR","message":"' + b"m" * 4_000_000 + b'"}')`,
    ),
    ...[
      ['that leads out of a folder', `b'[["../a",1]]', b"x"`],
      ['that is absolute', `b'[["/a",1]]', b"x"`],
      ['of a drive', String.raw`b'[["C:\\a",1]]', b"x"`],
      ['with a line feed', String.raw`b'[["a\nevent: result",1]]', b"x"`],
      ['with a carriage return', String.raw`b'[["a\r",1]]', b"x"`],
      ['that is shown backwards', String.raw`b'[["\u202etxt.exe",1]]', b"x"`],
      ['of nothing', `b'[["",1]]', b"x"`],
      ['of half a character', String.raw`b'[["\ud800",1]]', b"x"`],
      ['of 300 bytes', `b'[["%b",1]]' % (b"a" * 300), b"x"`],
    ].map(([what, artifacts]) =>
      writing(`by an artifact with a name ${what}`, `artifacts_frame(${artifacts})`),
    ),
    writing('by two artifacts of one name', `artifacts_frame(b'[["a",1],["a",1]]', b"xy")`),
    writing('by artifacts that are shorter than told', `artifacts_frame(b'[["a",9]]', b"x")`),
    writing('by artifacts that are longer than told', `artifacts_frame(b'[["a",1]]', b"xyz")`),
    writing('by an artifact of a negative length', `artifacts_frame(b'[["a",-1],["b",2]]', b"x")`),
    writing('by a list of artifacts that is none', `artifacts_frame(b'{"a":1}', b"x")`),
    writing('by artifacts without a list', `artifacts_frame(b'null', b"x")`),
    writing(
      'by more artifacts than it may have',
      `artifacts_frame(b"[" + b",".join(b'["%d",0]' % n for n in range(65)) + b"]", b"")`,
    ),
    writing(
      'by a list of artifacts of megabytes',
      `artifacts_frame(b"[" + b",".join(b'["%d",0]' % n for n in range(200_000)) + b"]", b"")`,
    ),
    writing(
      'by artifacts that are larger than they may be',
      `artifacts_frame(b'[["a",9000000]]', bytes(9000000))`,
    ),
    {
      name: 'by half a frame, and an exit',
      script: hostile`
        os.write(descriptors()[-1], result_frame(b'"whole"')[:-3])
        os._exit(0)
      `,
      outcome: { fails: ['SCRIPT_EXITED'], error: /exit code 0/ },
    },
    {
      name: 'by half a frame, and the honest result behind it',
      script: hostile`
        os.write(descriptors()[-1], result_frame(b'"' + b"x" * 40 + b'"')[:-30])
        return "honest"
      `,
      outcome: BROKEN,
    },
    {
      name: 'by more after its outcome: that stands, and the rest is not read',
      onlyReturns: true,
      script: hostile`
        os.write(descriptors()[-1], result_frame(b'"first"') + b"garbage" + result_frame(b'"second"'))
        time.sleep(1)
      `,
      outcome: { returns: 'first' },
    },
    {
      name: 'by closing it',
      script: hostile`
        os.close(descriptors()[-1])
        return 1
      `,
      outcome: { fails: ['SCRIPT_EXITED'], error: /descriptor that carries/ },
    },
    {
      name: 'by shutting it down in one direction: the result cannot be delivered',
      script: hostile`
        socket.socket(fileno=os.dup(descriptors()[-1])).shutdown(socket.SHUT_WR)
        return 1
      `,
      outcome: { fails: ['SCRIPT_EXITED'], error: /descriptor that carries/ },
    },
    {
      name: 'or closes its output, which costs it its output only',
      onlyReturns: true,
      script: hostile`
        for number in (0, 1, 2):
            os.close(number)
        return "fine"
      `,
      outcome: { returns: 'fine' },
    },
  ],
};
