import { freshName, type PairKind, pairScript } from './pair-kind';

const raw = String.raw;

/** Attacks on what has a name: files, processes, sockets, shared memory, keys. */
export const NAMED_THINGS: readonly PairKind[] = [
  {
    name: 'files: neither names nor contents nor the space that is left',
    pair: (random) => {
      const constants = { NAME: freshName(random), FOLDERS: ['/tmp', '/dev/shm', '.'] };
      return {
        victim: pairScript(
          constants,
          raw`
            paths = [os.path.join(folder, NAME + str(n)) for n, folder in enumerate(FOLDERS)]
            for path in paths:
                with open(path, "w") as file:
                    file.write("secret" * 2000)
            os.mkdir("/tmp/d" + NAME)
            os.symlink(paths[0], "/tmp/l" + NAME)
            hold()
            felt = [path for path in paths if open(path).read() != "secret" * 2000]
            return felt + [name for name in os.listdir("/tmp") if NAME not in name and name != "work"]
          `,
        ),
        attacker: pairScript(
          constants,
          raw`
            learned = []
            space = [tuple(os.statvfs(folder))[2:8] for folder in FOLDERS]
            for _ in rounds():
                for n, folder in enumerate(FOLDERS):
                    learned += [name for name in os.listdir(folder) if name not in ("shm", "work", "output")]
                    path = os.path.join(folder, NAME + str(n))
                    learned += [path] if attempt(os.open, path, os.O_RDONLY) != "ENOENT" else []
                    made = attempt(os.open, path, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
                    if isinstance(made, list):
                        os.close(int(made[1]))
                        os.unlink(path)
                    else:
                        learned.append([path, made])
                if [tuple(os.statvfs(folder))[2:8] for folder in FOLDERS] != space:
                    learned.append("space")
            return learned
          `,
        ),
      };
    },
  },
  {
    name: 'processes and signals: no pid, no thread, no clock of another, and no signal arrives',
    pair: (random) => {
      const guesses = Array.from({ length: 400 }, () => 2 + Math.floor(random() * 4_000_000));
      return {
        victim: pairScript(
          {},
          raw`
            felt = []
            for number in range(1, 65):
                if number not in (9, 19, 32, 33):
                    attempt(signal.signal, number, lambda caught, frame: felt.append(caught))
            stop = threading.Event()
            threads = [threading.Thread(target=stop.wait) for _ in range(3)]
            for thread in threads:
                thread.start()
            for _ in rounds(HOLD_SECONDS):
                pass
            stop.set()
            return felt
          `,
        ),
        attacker: pairScript(
          { GUESSES: guesses },
          raw`
            own = {0, 1, os.getpid(), os.getppid()}
            for number in (signal.SIGTERM, signal.SIGUSR1, signal.SIGURG, signal.SIGCONT):
                attempt(signal.signal, number, signal.SIG_IGN)
            space = (ctypes.c_long * 2)()
            learned = []
            for pid in [*range(2, 300), *GUESSES]:
                if pid in own:
                    continue
                answers = [
                    call(62, pid, 0), call(234, pid, pid, 0), call(200, pid, 0), call(121, pid), call(124, pid), call(140, 0, pid),
                    call(145, pid), call(204, pid, 16, space), call(228, (~pid << 3) | 2, space), call(302, pid, 7, 0, space),
                ]
                learned += [[pid, answer] for answer in answers if answer.startswith("did")]
            for number in (signal.SIGTERM, signal.SIGUSR1, signal.SIGURG):
                attempt(os.kill, 0, number), attempt(os.kill, -1, number), attempt(os.killpg, 0, number)
                for pid in range(2, 40):
                    if pid not in own:
                        attempt(os.kill, pid, number), attempt(os.kill, -pid, number)
            return learned
          `,
        ),
      };
    },
  },
  {
    name: 'sockets and pipes: no name to meet at, nothing in a buffer of one’s own',
    pair: (random) => {
      const constants = { NAME: freshName(random) };
      return {
        victim: pairScript(
          constants,
          raw`
            one, other = socket.socketpair()
            one.sendall(b"secret" * 1000)
            read, write = os.pipe()
            os.write(write, b"secret" * 1000)
            names = [attempt(one.bind, "\0" + NAME), attempt(other.bind, "/tmp/" + NAME), attempt(one.listen)]
            hold()
            felt = [] if other.recv(6000) == b"secret" * 1000 and os.read(read, 6000) == b"secret" * 1000 else ["changed"]
            return felt + [name for name in names if isinstance(name, list)]
          `,
        ),
        attacker: pairScript(
          constants,
          raw`
            address = struct.pack("H", 1) + b"\0" + NAME.encode()
            path = struct.pack("H", 1) + b"/tmp/" + NAME.encode() + b"\0"
            learned = []
            for _ in rounds():
                one, other = socket.socketpair()
                read, write = os.pipe()
                for end in (one.fileno(), other.fileno(), read, descriptors()[-1]):
                    os.set_blocking(end, False)
                    answer = attempt(os.read, end, 4096)
                    learned += [answer] if answer != "EAGAIN" else []
                for name in (address, path):
                    for number in (one.fileno(), other.fileno()):
                        answers = [call(42, number, name, len(name)), call(44, number, b"x", 1, 0, name, len(name))]
                        learned += [answer for answer in answers if answer.startswith("did")]
                learned += [attempt(socket.socket, socket.AF_UNIX, kind) for kind in (1, 2, 5)]
                learned = [entry for entry in learned if entry != "EPERM"]
                one.close(), other.close(), os.close(read), os.close(write)
            return learned
          `,
        ),
      };
    },
  },
  {
    name: 'shared memory, queues and semaphores: no key, no name, no segment',
    pair: (random) => {
      const constants = { NAME: freshName(random), KEY: 1 + Math.floor(random() * 2 ** 30) };
      return {
        victim: pairScript(
          constants,
          raw`
            import mmap
            made = [call(29, KEY, 4096, 0o1666), call(68, KEY, 0o1666), call(64, KEY, 1, 0o1666), call(240, NAME.encode(), 0o102, 0o666, 0), call(319, NAME.encode(), 0)]
            with open("/dev/shm/" + NAME, "wb+") as file:
                file.truncate(4096)
                view = mmap.mmap(file.fileno(), 4096)
            view[:6] = b"secret"
            hold()
            return ([] if view[:6] == b"secret" else ["changed"]) + [answer for answer in made if answer != "EPERM"]
          `,
        ),
        attacker: pairScript(
          constants,
          raw`
            learned = []
            for _ in rounds():
                answers = [call(29, KEY, 4096, 0), call(68, KEY, 0), call(64, KEY, 1, 0), call(240, NAME.encode(), 2, 0, 0)]
                answers += [call(30, n, 0, 0) for n in range(8)] + [call(31, n, 13, 0) for n in range(8)]
                answers.append("did" if isinstance(attempt(os.open, "/dev/shm/" + NAME, os.O_RDWR), list) else "")
                learned += [answer for answer in answers if answer.startswith("did")]
            return learned
          `,
        ),
      };
    },
  },
  {
    name: 'keyrings: no key is kept, none is found',
    pair: (random) => {
      const constants = { NAME: freshName(random) };
      return {
        victim: pairScript(
          constants,
          raw`
            made = [call(248, b"user", NAME.encode(), b"secret", 6, ring) for ring in (-1, -2, -3, -4, -5)]
            hold()
            return [answer for answer in made if answer.startswith("did")]
          `,
        ),
        attacker: pairScript(
          constants,
          raw`
            answers = []
            for _ in rounds():
                answers += [call(249, b"user", NAME.encode(), 0, 0)]
                answers += [call(250, 10, ring, b"user", NAME.encode(), 0) for ring in (-1, -2, -3, -4, -5)]
                answers += [call(250, command, -4, 1, 0, 0) for command in (0, 1, 6, 11, 22)]
            return [answer for answer in answers if answer.startswith("did")]
          `,
        ),
      };
    },
  },
];
