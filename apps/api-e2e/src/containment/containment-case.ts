import type { ErrorCode } from '@pycell/contracts';
import { dedent } from '../harness/python-source';

/** A hostile script, run with the policy off, that tells by its return value what it could do. */
export interface ContainmentCase {
  /** A sentence of fact. */
  readonly name: string;
  readonly script: string;
  /** What a jail of its own gives by itself, and a warm one only by what the runner does for each run. */
  readonly warmOnly?: boolean;
  /**
   * `npm run selftest` may try it on a deployment in use: it takes next to no time, memory and threads, needs none of
   * HOSTILE_SETTINGS, and would do no harm even if it succeeded.
   */
  readonly safe?: boolean;
  readonly outcome: ContainmentOutcome;
  /** It tells what it finds in its folders or on its standard input: other things come with it nowhere. */
  readonly isAboutFiles?: boolean;
  /** Its value does not come by what it prints: it answers in the place of the run, or closes its output. */
  readonly onlyReturns?: boolean;
  /** JSON text of what the request has besides. */
  readonly request?: string;
  /** Names of the artifacts that must come back; none where it is not given. */
  readonly leaves?: readonly string[];
  /** What the answer must tell at least of the memory that it took, bytes. */
  readonly tookBytes?: number;
  /** What comes of it inside gVisor, where that differs: there a run can write no file, and has the user of all runs. */
  readonly insideGvisor?: ContainmentOutcome;
}

export type ContainmentOutcome =
  | { readonly returns: unknown }
  /** The script cannot even finish; `error` is a part of the message. */
  | { readonly fails: readonly ErrorCode[]; readonly error?: RegExp };

export interface ContainmentTheme {
  readonly theme: string;
  readonly cases: readonly ContainmentCase[];
}

/** Functions that hostile scripts share. `attempt` tells how a call fails, or what it gives: `distinct` takes both. */
export const PRELUDE = `
import ctypes, errno, os, resource, signal, socket, struct, sys, threading, time

libc = ctypes.CDLL(None, use_errno=True)

def attempt(action, *arguments, **more):
    try:
        return ["did", repr(action(*arguments, **more))]
    except OSError as error:
        return errno.errorcode.get(error.errno, repr(error))
    except BaseException as error:
        return type(error).__name__

def call(number, *arguments):
    ctypes.set_errno(0)
    words = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    result = libc.syscall(ctypes.c_long(number), *words)
    return errno.errorcode[ctypes.get_errno()] if result == -1 else "did %d" % result

def distinct(told):
    return sorted({str(one) for one in told})

def descriptors():
    found = []
    for number in range(4096):
        try:
            os.fstat(number)
            found.append(number)
        except OSError:
            pass
    return found

def frame(kind, payload):
    return struct.pack("!BBHII", kind, 0, 0, 0, len(payload)) + payload

def outcome(head, result=b""):
    return frame(20, struct.pack("!I", len(head)) + head + result)

def result_frame(text):
    return outcome(b'{"status":"OK","sections":[["result",%d]]}' % len(text), text)

def artifacts_frame(listed, content):
    head = b'{"status":"OK","artifacts":%b,"sections":[["result",1],["artifacts",%d]]}' % (listed, len(content))
    return outcome(head, b"1" + content)

def failure_frame(head):
    return outcome(head[:-1] + b',"sections":[]}' if head.endswith(b"}") else head)
`;

/** Makes a script of the shared functions and a body of `main`. */
export function hostile(source: TemplateStringsArray): string {
  const body = dedent(source.raw[0] ?? '').replace(/^(?=.)/gm, '    ');
  return `${PRELUDE}\ndef main():\n${body}`;
}
