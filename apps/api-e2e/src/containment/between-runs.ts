import { type ContainmentTheme, hostile } from './containment-case';

export const BETWEEN_RUNS: ContainmentTheme = {
  theme: 'has a place of its own among the runs',
  cases: [
    {
      name: 'is pid 1 of its pid namespace, and has no parent in there',
      safe: true,
      warmOnly: true,
      script: hostile`return [os.getpid(), os.getppid(), os.getsid(0), os.getpgrp()]`,
      outcome: { returns: [1, 0, 1, 1] },
    },
    {
      name: 'begins with nothing in /tmp and /dev/shm but its working directory, and in that but output/',
      isAboutFiles: true,
      safe: true,
      script: hostile`return [os.listdir("/tmp"), os.listdir("/dev/shm"), os.listdir("."), os.getcwd()]`,
      outcome: { returns: [['work'], [], ['output'], '/tmp/work'] },
      insideGvisor: { returns: [[], [], [], '/tmp'] },
    },
    {
      name: 'cannot look beneath its tmpfs, where the zygote had its sockets',
      warmOnly: true,
      script: hostile`
        import stat
        sockets = []
        for folder, folders, files in os.walk("/"):
            sockets += [name for name in files if stat.S_ISSOCK(os.lstat(os.path.join(folder, name)).st_mode)]
        return [sockets, call(166, b"/tmp", 2), call(165, b"none", b"/tmp", b"tmpfs", 0, 0)]
      `,
      outcome: { returns: [[], 'EPERM', 'EPERM'] },
    },
    {
      name: 'cannot send a signal to a zygote, the supervisor or another run',
      script: hostile`
        others = [pid for pid in range(0, 3000) if pid not in (0, 1, os.getpid()) and attempt(os.kill, pid, 0) != "ESRCH"]
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        for number in (signal.SIGTERM, signal.SIGCONT, signal.SIGURG):
            attempt(os.kill, 0, number), attempt(os.kill, -1, number), attempt(os.killpg, 0, number)
        return others
      `,
      outcome: { returns: [] },
    },
    {
      name: 'cannot make the end of its parent or of a thread known to itself, nor watch others',
      script: hostile`return [call(157, 1, 9), call(157, 36, 1), call(434, 1, 0), call(424, 0, 9, 0, 0), call(247, 1, 2, 0, 4, 0) != "did 0"]`,
      outcome: { returns: ['EPERM', 'EPERM', 'EPERM', 'EPERM', true] },
    },
    {
      name: 'holds no socket on which runs are accepted, and cannot accept one',
      safe: true,
      script: hostile`
        import stat
        found = [n for n in descriptors() if stat.S_ISSOCK(os.fstat(n).st_mode)]
        listening = [n for n in found if struct.unpack("i", socket.socket(fileno=os.dup(n)).getsockopt(socket.SOL_SOCKET, 30, 4))[0]]
        return [len(found), listening, [call(288, n, 0, 0, 0) for n in found], [call(50, n, 1) for n in found]]
      `,
      outcome: { returns: [1, [], ['EPERM'], ['EPERM']] },
    },
    {
      name: 'finds nothing to read on its connection but what is meant for it',
      safe: true,
      script: hostile`
        connection = descriptors()[-1]
        os.set_blocking(connection, False)
        return attempt(os.read, connection, 1000)
      `,
      outcome: { returns: 'EAGAIN' },
    },
    {
      name: 'finds no trace of the runner among the modules, and no argument of the process',
      safe: true,
      script: hostile`
        return [[name for name in sys.modules if "pycell" in name], [path for path in sys.path if "pycell" in path], sys.argv]
      `,
      outcome: { returns: [[], [], ['script.py']] },
    },
    {
      name: 'has the descriptor, the signal handlers and the mask that a program starts with',
      safe: true,
      script: hostile`
        odd = [s for s in range(1, 65) if s not in (2, 9, 13, 19, 25, 32, 33) and signal.getsignal(s) not in (signal.SIG_DFL, None)]
        return [odd, sorted(signal.pthread_sigmask(signal.SIG_BLOCK, [])), signal.set_wakeup_fd(-1), threading.active_count()]
      `,
      outcome: { returns: [[], [], -1, 1] },
    },
  ],
};
