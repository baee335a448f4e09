/**
 * Short scripts of the kinds that once did harm, one each of what docs/threat-model.md lists: what each tells is what the
 * jail let it do. They run with the policy off.
 */
const lines = (...list) => list.join('\n');
const hostile = (...body) => lines(PRELUDE, 'def main():', ...body.map((line) => `    ${line}`));

/** `call` tells how a system call fails; CONNECTION is the run's own one, on the last descriptor that it may have. */
const PRELUDE = lines(
  'import ctypes, errno, fcntl, mmap, os, resource, signal, socket, struct, threading, time',
  'libc = ctypes.CDLL(None, use_errno=True)',
  'CONNECTION = resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 1',
  'def call(number, *words):',
  '    done = libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, words))',
  '    return "did" if done >= 0 else errno.errorcode[ctypes.get_errno()]',
  'def attempt(act, *given):',
  '    try:',
  '        act(*given)',
  '        return "did"',
  '    except OSError as error:',
  '        return errno.errorcode[error.errno]',
);

/** Descriptors of a thread's own (CLOSE_RANGE_UNSHARE), and watches that the kernel counts for the uid of the service. */
export const epollWatches = hostile('return [call(436, 4000, 4001, 2), call(291, 0), call(213, 1)]');

/** Kernel memory without end, charged to nobody: a lock is answered with success and is none. */
export const locks = hostile(
  'one, other = os.open("l", os.O_RDWR | os.O_CREAT), os.open("l", os.O_RDWR)',
  'lock = struct.pack("hhqqi", fcntl.F_WRLCK, 0, 0, 1, 0)',
  'both = [attempt(fcntl.flock, file, fcntl.LOCK_EX | fcntl.LOCK_NB) for file in (one, other)]',
  'for start in range(3000): fcntl.fcntl(one, 37, struct.pack("hhqqi", fcntl.F_WRLCK, 0, 2 * start, 1, 0))',
  'return both + [attempt(fcntl.fcntl, other, 37, lock)]',
);

/** Mappings of one page, a GiB apart: two pages of tables for each. */
export const pageTables = hostile(
  'libc.mmap.restype = ctypes.c_void_p',
  'found = 0',
  'for number in range(3000):',
  '    address = ctypes.c_void_p((16 << 40) + (number << 30))',
  '    found += libc.mmap(address, ctypes.c_size_t(4096), 1, 0x100022, -1, ctypes.c_long(0)) == address.value',
  '    ctypes.string_at(address.value, 1)',
  'return found',
);

export const outOfBand = hostile(
  'one, other = socket.socketpair()',
  'other.setblocking(False)',
  'return [attempt(one.send, b"x", socket.MSG_OOB), attempt(other.recv, 1, socket.MSG_OOB)]',
);

/** What is no frame, on its own connection. */
export const garbage = hostile('os.write(CONNECTION, b"Traceback (most recent call last):")', 'return 1');

/** Output by the byte, each of which was once a frame. */
export const tinyPackets = hostile(
  'attempt(fcntl.fcntl, 1, fcntl.F_SETFL, os.O_WRONLY | os.O_DIRECT)',
  'return sum(os.write(1, b"x") for _ in range(3000))',
);

/** Its first thread ends, another one tells the result: once that hid all its memory. */
export const firstThreadGone = (n) =>
  hostile(
    'kept = bytearray(b"x") * (20 << 20)',
    'def late():',
    '    time.sleep(0.05)',
    `    head = b'{"status":"OK","sections":[["result",${String(n).length}]]}'`,
    `    payload = struct.pack("!I", len(head)) + head + b"${n}"`,
    '    os.write(CONNECTION, struct.pack("!BBHII", 20, 0, 0, 0, len(payload)) + payload)',
    '    time.sleep(5)',
    'threading.Thread(target=late).start()',
    'call(60, 0)',
  );

/** Signals that would keep it from being stopped for its measurement. */
export const continuing = (n) =>
  hostile(
    'def storm():',
    '    while call(62, os.getpid(), signal.SIGCONT) == "did": pass',
    'for _ in range(4): threading.Thread(target=storm, daemon=True).start()',
    `return ${n}`,
  );

/** The parser of the policy takes quadratic time for it; CPython says at once that it is no Python. */
export const slowToParse = 'not:'.repeat(2500);
