import { HOSTILE_SETTINGS } from '../containment/containment';
import { type PairKind, pairScript, someOf } from './pair-kind';

const raw = String.raw;
const MOST_THREADS = Number(HOSTILE_SETTINGS.MAX_THREADS);

/** Modules that nothing else imports: their files are cold until somebody reads them. */
const RARE_MODULES = ['imaplib', 'smtplib', 'netrc', 'tarfile', 'mailbox', 'zipapp', 'plistlib', 'wave'];

/** Attacks through what all runs share: the files of the root, the devices, the kernel's counters. */
export const SHARED_THINGS: readonly PairKind[] = [
  {
    name: 'locks: those on the shared files tell nothing of who holds them',
    pair: (random) => {
      const constants = { ALL: RARE_MODULES, HELD: someOf(RARE_MODULES, random) };
      return {
        victim: pairScript(
          constants,
          raw`
            paths = rare_files(ALL)
            import fcntl
            held = [open(paths[name]) for name in HELD] + [open("/dev/null", "r+")]
            for file in held:
                attempt(fcntl.flock, file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                attempt(fcntl.lockf, file, fcntl.LOCK_SH | fcntl.LOCK_NB)
                attempt(fcntl.fcntl, file, 37, struct.pack("hhqqixxxx", 0, 0, 0, 0, 0))
            hold()
            return []
          `,
        ),
        attacker: pairScript(
          constants,
          raw`
            paths = rare_files(ALL)
            import fcntl
            learned = []
            for _ in rounds():
                answers = {"flock": {}, "lockf": {}, "getlk": {}, "ofd": {}}
                for name, path in paths.items():
                    with open(path) as file:
                        wanted = struct.pack("hhqqixxxx", 1, 0, 0, 0, 0)
                        answers["flock"][name] = str(attempt(fcntl.flock, file, fcntl.LOCK_EX | fcntl.LOCK_NB))
                        answers["lockf"][name] = str(attempt(fcntl.lockf, file, fcntl.LOCK_SH | fcntl.LOCK_NB))
                        answers["getlk"][name] = str(attempt(fcntl.fcntl, file, fcntl.F_GETLK, wanted))
                        answers["ofd"][name] = str(attempt(fcntl.fcntl, file, 36, wanted))
                # The same answer for every file says nothing.
                learned += [[how, by_name] for how, by_name in answers.items() if len(set(by_name.values())) > 1]
            return learned[:1]
          `,
        ),
      };
    },
  },
  {
    name: 'page cache: nothing tells which files another has read',
    pair: (random) => {
      const constants = { ALL: RARE_MODULES, READ: someOf(RARE_MODULES, random) };
      return {
        victim: pairScript(
          constants,
          raw`
            paths = rare_files(ALL)
            for name in READ:
                with open(paths[name], "rb") as file:
                    file.read()
            hold()
            return []
          `,
        ),
        attacker: pairScript(
          constants,
          raw`
            paths = rare_files(ALL)
            import mmap
            learned = []
            space, vector = ctypes.create_string_buffer(4096), ctypes.create_string_buffer(64)
            libc.mmap.restype = ctypes.c_void_p
            for _ in rounds():
                answers = {"preadv2": {}, "mincore": {}, "cachestat": {}, "madvise": {}, "evict": {}}
                for name, path in paths.items():
                    file = os.open(path, os.O_RDONLY)
                    parts = struct.pack("QQ", ctypes.addressof(space), 64)
                    answers["preadv2"][name] = call(327, file, parts, 1, 0, 0, 8)
                    address = libc.mmap(None, ctypes.c_size_t(4096), 1, 1, file, ctypes.c_long(0))
                    answers["mincore"][name] = call(27, address, 4096, vector) + str(vector.raw[0] & 1)
                    answers["cachestat"][name] = call(451, file, struct.pack("QQ", 0, 0), space, 0) + str(space.raw[:8])
                    answers["madvise"][name] = call(28, address, 4096, 22)
                    libc.munmap(ctypes.c_void_p(address), ctypes.c_size_t(4096))
                    answers["evict"][name] = call(221, file, 0, 0, 4)
                    os.close(file)
                learned += [[how, by_name] for how, by_name in answers.items() if len(set(by_name.values())) > 1]
                # Who can evict can look again for what another has read since.
                learned += ["evict"] if any(answer.startswith("did") for answer in answers["evict"].values()) else []
            return learned[:1]
          `,
        ),
      };
    },
  },
  {
    name: 'times of files and devices: neither reading nor writing leaves one',
    pair: () => ({
      victim: pairScript(
        { ALL: RARE_MODULES },
        raw`
          paths = rare_files(ALL)
          for path in [*paths.values(), "/dev/urandom", "/dev/random"]:
              with open(path, "rb") as file:
                  file.read(100)
          with open("/dev/null", "w") as file:
              file.write("x")
          os.listdir("/usr/lib")
          hold()
          return []
        `,
      ),
      attacker: pairScript(
        { ALL: RARE_MODULES },
        raw`
          paths = rare_files(ALL)
          shared = [*paths.values(), "/usr/lib", "/", "/usr", *("/dev/" + name for name in os.listdir("/dev") if name != "shm")]
          def times():
              return {path: (os.stat(path).st_atime_ns, os.stat(path).st_mtime_ns, os.stat(path).st_ctime_ns) for path in shared}
          before = times()
          for _ in rounds():
              pass
          after = times()
          return [path for path in shared if after[path] != before[path]]
        `,
      ),
    }),
  },
  {
    name: 'counters of the kernel: load, free memory and processes of the machine are not told',
    pair: () => ({
      victim: pairScript(
        {},
        raw`
          kept = bytearray(50_000_000)
          for _ in rounds(HOLD_SECONDS):
              sum(range(100_000))
          return []
        `,
      ),
      attacker: pairScript(
        {},
        raw`
          space = ctypes.create_string_buffer(512)
          answers = {"sysinfo": call(99, space), "getloadavg": attempt(os.getloadavg)}
          return [name for name, answer in answers.items() if isinstance(answer, list) or answer.startswith("did")]
        `,
      ),
    }),
  },
  {
    name: 'what one may have: all of it, whatever the other takes',
    pair: () => {
      const script = pairScript(
        {},
        raw`
          got, stop, threads, opened = {}, threading.Event(), [], []
          try:
              while len(threads) < 100:
                  thread = threading.Thread(target=stop.wait, daemon=True)
                  thread.start()
                  threads.append(thread)
          except RuntimeError:
              got["threads"] = len(threads)
          try:
              while len(opened) < 4096:
                  opened.append(os.dup(0))
          except OSError:
              got["descriptors"] = len(opened)
          for number in opened:
              os.close(number)
          for folder in ("/tmp", "/dev/shm"):
              made = 0
              try:
                  while made < 100_000:
                      os.close(os.open(folder + "/n%d" % made, os.O_CREAT | os.O_WRONLY))
                      made += 1
              except OSError:
                  got[folder + " files"] = made
              for n in range(made):
                  os.unlink(folder + "/n%d" % n)
              try:
                  with open(folder + "/f", "wb", buffering=0) as file:
                      while True:
                          got[folder + " bytes"] = got.get(folder + " bytes", 0) + file.write(b"x" * 65536)
              except OSError:
                  pass
          hold(0.12)
          stop.set()
          return got
        `,
      );
      return { victim: script, attacker: script };
    },
    // Everybody gets the same, alone or not, and all the threads that are promised: the first thread is there already.
    findLearned: (answers) => {
      const different = [...new Set(answers.map((answer) => JSON.stringify(answer)))];
      const isWhole = different.every((answer) => answer.includes(`"threads":${MOST_THREADS - 1},`));
      return different.length <= 1 && isWhole ? [] : different;
    },
  },
];
