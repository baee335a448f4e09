import { type ContainmentTheme, hostile } from './containment-case';

const NO_PROCESSES: unknown = expect.stringMatching(/process/i);

export const PROCESSES: ContainmentTheme = {
  theme: 'starts no process and reaches none',
  cases: [
    {
      name: 'fork, subprocess and multiprocessing are refused and say that processes are not allowed',
      script: hostile`
        import multiprocessing, subprocess
        def why(action, *arguments, **more):
            try:
                action(*arguments, **more)
                return "did"
            except PermissionError as error:
                return str(error)
        return [
            why(os.fork), why(os.forkpty), why(subprocess.run, ["true"]), why(subprocess.check_output, "id", shell=True),
            why(os.posix_spawn, "/usr/bin/python3", ["python3"], {}),
            why(multiprocessing.get_context("fork").Process(target=print).start),
            why(multiprocessing.get_context("spawn").Process(target=print).start),
        ]
      `,
      outcome: {
        returns: Array(7).fill(NO_PROCESSES),
      },
    },
    {
      name: 'fork, vfork and clone without CLONE_THREAD are refused by the kernel too; clone3 does not exist',
      script: hostile`
        new_namespaces = [0x10000000, 0x20000000, 0x00020000, 0x40000000, 0x08000000, 0x04000000, 0x02000000]
        return [
            call(57), call(58), call(56, 17, 0, 0, 0, 0), call(56, 0x100 | 17, 0, 0, 0, 0),
            sorted({call(56, flag | 17, 0, 0, 0, 0) for flag in new_namespaces}), call(435, 0, 0), libc.fork(),
        ]
      `,
      outcome: { returns: ['EPERM', 'EPERM', 'EPERM', 'EPERM', ['EPERM'], 'ENOSYS', -1] },
    },
    {
      name: 'execve, execveat, posix_spawn and system start nothing',
      safe: true,
      script: hostile`
        return [
            attempt(os.execv, "/usr/bin/python3", ["python3"]), call(322, 0, 0, 0, 0, 0),
            attempt(os.posix_spawn, "/usr/bin/python3", ["python3"], {}), os.system("true") != 0, attempt(os.popen, "true") != "did",
        ]
      `,
      outcome: { returns: ['EPERM', 'EPERM', 'EPERM', true, true] },
    },
    {
      name: 'threads are allowed up to MAX_THREADS, the main thread included',
      script: hostile`
        started, stop = 0, threading.Event()
        try:
            while started < 100:
                threading.Thread(target=stop.wait, daemon=True).start()
                started += 1
        except RuntimeError:
            pass
        stop.set()
        return started + 1
      `,
      outcome: { returns: 8 },
      // There those of all runs together are bounded: the next case.
      insideGvisor: { returns: expect.any(Number) },
    },
    {
      name: 'threads without end run into a limit',
      script: hostile`
        threading.stack_size(65536)
        started, stop = 0, threading.Event()
        try:
            while started < 5000:
                threading.Thread(target=stop.wait, daemon=True).start()
                started += 1
        except RuntimeError:
            pass
        stop.set()
        return started < 1000
      `,
      outcome: { returns: true },
    },
    {
      name: 'pid 1 cannot be signalled to death',
      script: hostile`
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGKILL, signal.SIGSTOP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGALRM, signal.SIGINT):
            if os.getpid() != 1:
                attempt(os.kill, 1, number)
                attempt(os.kill, os.getppid(), number)
        time.sleep(0.2)
        return "alive"
      `,
      outcome: { returns: 'alive' },
    },
    {
      name: 'kill(-1) reaches nobody else',
      script: hostile`
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        attempt(os.kill, -1, signal.SIGTERM)
        attempt(os.killpg, 0, signal.SIGTERM)
        attempt(os.kill, -1, signal.SIGKILL)
        time.sleep(0.1)
        return "alive"
      `,
      outcome: { returns: 'alive' },
    },
    {
      name: 'it cannot stop or kill itself in a way that looks like the host’s doing',
      script: hostile`
        for number in (signal.SIGSTOP, signal.SIGKILL):
            attempt(os.kill, os.getpid(), number)
            attempt(signal.raise_signal, number)
            call(200, threading.get_native_id(), int(number))
        return "alive"
      `,
      outcome: { returns: 'alive' },
    },
    {
      name: 'a time-out ends a script that ignores every signal and every exception',
      script: hostile`
        for number in range(1, 65):
            attempt(signal.signal, number, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
        while True:
            try:
                while True:
                    time.sleep(1)
            except BaseException:
                pass
      `,
      outcome: { fails: ['TIMEOUT'] },
    },
    {
      name: 'a time-out ends threads that spin outside the interpreter lock',
      script: hostile`
        import hashlib
        def spin():
            while True:
                hashlib.pbkdf2_hmac("sha256", b"x", b"y", 1_000_000)
        for _ in range(3):
            threading.Thread(target=spin).start()
        spin()
      `,
      outcome: { fails: ['TIMEOUT'] },
    },
    {
      name: 'limits cannot be raised',
      safe: true,
      script: hostile`
        raised = []
        for name in ("AS", "CPU", "FSIZE", "NOFILE", "CORE", "NPROC", "STACK", "MEMLOCK", "MSGQUEUE", "RTPRIO", "NICE"):
            kind = getattr(resource, "RLIMIT_" + name)
            soft, hard = resource.getrlimit(kind)
            for wanted in ((resource.RLIM_INFINITY,) * 2, (hard + 1, hard + 1)):
                try:
                    if hard != resource.RLIM_INFINITY:
                        resource.setrlimit(kind, wanted)
                        raised.append(name)
                except (ValueError, OSError):
                    pass
        return [raised, [n for n in ("AS", "CPU", "FSIZE", "NOFILE", "CORE", "NPROC") if resource.getrlimit(getattr(resource, "RLIMIT_" + n))[1] == resource.RLIM_INFINITY]]
      `,
      outcome: { returns: [[], []] },
    },
    {
      name: 'limits of other processes are out of reach',
      script: hostile`
        return [attempt(resource.prlimit, 1, resource.RLIMIT_AS), attempt(resource.prlimit, os.getppid() or 1, resource.RLIMIT_CPU, (1, 1)), attempt(os.setpriority, os.PRIO_PROCESS, 1, 19)]
      `,
      outcome: { returns: ['EPERM', 'EPERM', 'EPERM'] },
    },
    {
      name: 'memory beyond the limit is not to be had by mmap, shared or private',
      script: hostile`
        import mmap
        size = 1 << 30
        return [attempt(mmap.mmap, -1, size), attempt(mmap.mmap, -1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS), libc.sbrk(size) == -1]
      `,
      outcome: { returns: ['ENOMEM', 'ENOMEM', true] },
    },
    {
      name: 'descriptors run out at MAX_OPEN_FILES',
      script: hostile`
        opened = []
        try:
            while len(opened) < 5000:
                opened.append(os.dup(0))
        except OSError as error:
            return [errno.errorcode[error.errno], len(opened) + 4 <= 64]
      `,
      outcome: { returns: ['EMFILE', true] },
    },
  ],
};
