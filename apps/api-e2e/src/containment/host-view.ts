import { type ContainmentTheme, hostile } from './containment-case';

export const HOST_VIEW: ContainmentTheme = {
  theme: 'sees nothing of the host',
  cases: [
    {
      name: 'no process: there is no /proc, and pids begin at one',
      safe: true,
      script: hostile`
        return [os.path.exists("/proc/self"), os.listdir("/proc") if os.path.isdir("/proc") else [], os.getpid() < 10, os.getppid() < 10]
      `,
      outcome: { returns: [false, [], true, true] },
    },
    {
      name: 'no other process can be signalled',
      safe: true,
      script: hostile`
        reached = []
        for pid in range(2, 2000):
            if pid != os.getpid() and attempt(os.kill, pid, 0) != "ESRCH":
                reached.append(pid)
        return reached
      `,
      outcome: { returns: [] },
    },
    {
      name: 'no kernel file systems',
      safe: true,
      script: hostile`
        return [name for name in ("/sys/kernel", "/proc/cpuinfo", "/sys/fs/cgroup", "/dev/kmsg", "/dev/mem", "/run", "/home", "/root/.ssh", "/etc/shadow", "/var/log") if os.path.exists(name)]
      `,
      outcome: { returns: [] },
    },
    {
      name: 'only devices without state',
      safe: true,
      script: hostile`
        return sorted(set(os.listdir("/dev")) - {"null", "zero", "full", "random", "urandom", "shm", "fd", "stdin", "stdout", "stderr"})
      `,
      outcome: { returns: [] },
    },
    {
      name: 'no network: sockets of every family are refused, and there is no interface',
      safe: true,
      script: hostile`
        families = {"unix": 1, "inet": 2, "inet6": 10, "netlink": 16, "packet": 17, "alg": 38, "vsock": 40}
        return [
            {name: attempt(socket.socket, number, 1) for name, number in families.items()},
            attempt(socket.create_connection, ("127.0.0.1", 80), 1),
            attempt(socket.if_nameindex),
        ]
      `,
      outcome: {
        returns: [
          {
            unix: 'EPERM',
            inet: 'EPERM',
            inet6: 'EPERM',
            netlink: 'EPERM',
            packet: 'EPERM',
            alg: 'EPERM',
            vsock: 'EPERM',
          },
          'EPERM',
          'EPERM',
        ],
      },
    },
    {
      name: 'no name service and no download',
      safe: true,
      script: hostile`
        import urllib.request
        failed = []
        for action in (lambda: socket.getaddrinfo("example.org", 80), lambda: urllib.request.urlopen("http://192.0.2.1/", timeout=2)):
            try:
                action()
                failed.append(False)
            except OSError:
                failed.append(True)
        return failed
      `,
      outcome: { returns: [true, true] },
    },
    {
      name: 'socket pairs are streams without a name; datagram pairs are refused',
      safe: true,
      script: hostile`
        a, b = socket.socketpair()
        a.sendall(b"x")
        return [
            b.recv(1) == b"x",
            attempt(socket.socketpair, socket.AF_UNIX, socket.SOCK_DGRAM),
            attempt(socket.socketpair, socket.AF_UNIX, socket.SOCK_SEQPACKET),
            attempt(a.sendto, b"x", "\0other"),
            attempt(a.sendmsg, [b"x"]),
            attempt(b.recvmsg, 1),
            attempt(a.bind, "\0name"),
        ]
      `,
      outcome: { returns: [true, 'EPERM', 'EPERM', 'EPERM', 'EPERM', 'EPERM', 'EPERM'] },
    },
    {
      name: 'no environment but two constants, in Python and in C',
      safe: true,
      script: hostile`
        environ = ctypes.POINTER(ctypes.c_char_p).in_dll(libc, "environ")
        found, index = [], 0
        while environ and environ[index]:
            found.append(environ[index].decode())
            index += 1
        return [dict(os.environ), [entry for entry in found if not entry.startswith("OPENBLAS_NUM_THREADS=")]]
      `,
      outcome: { returns: [{ HOME: '/tmp', USER: 'sandbox' }, ['HOME=/tmp', 'USER=sandbox']] },
    },
    {
      name: 'no user and no group of the host: neither root nor further groups',
      safe: true,
      script: hostile`
        return [0 in os.getresuid() + os.getresgid(), 0 in set(os.getgroups()) - {os.getgid()}, attempt(os.setuid, 0), attempt(os.setgid, 0), attempt(os.setgroups, [0])]
      `,
      outcome: { returns: [false, false, 'EPERM', 'EPERM', 'EPERM'] },
      // Root of a user namespace that maps the one unprivileged user of all runs, and it without a capability. Engines give
      // that user its own group as a further one, too.
      insideGvisor: { returns: [true, false, 'EPERM', 'EPERM', 'EPERM'] },
    },
    {
      name: 'no capability',
      safe: true,
      script: hostile`
        header = (ctypes.c_uint32 * 2)(0x20080522, 0)
        data = (ctypes.c_uint32 * 6)()
        assert call(125, ctypes.byref(header), ctypes.byref(data)) == "did 0"
        full = (ctypes.c_uint32 * 6)(*[0xFFFFFFFF] * 6)
        return [list(data), call(126, ctypes.byref(header), ctypes.byref(full))]
      `,
      outcome: { returns: [[0, 0, 0, 0, 0, 0], 'EPERM'] },
    },
    {
      name: 'no descriptor but 0, 1, 2 and its own channel',
      // Its standard input is a file where some was sent.
      isAboutFiles: true,
      safe: true,
      script: hostile`
        found = descriptors()
        import stat
        kinds = [stat.S_ISSOCK(os.fstat(n).st_mode) or stat.S_ISFIFO(os.fstat(n).st_mode) for n in found[1:]]
        return [found[:3], len(found), kinds, os.read(0, 10) == b""]
      `,
      outcome: { returns: [[0, 1, 2], 4, [true, true, true], true] },
    },
    {
      name: 'no memory of the process above it: the frames of the runner hold no secret of the service',
      safe: true,
      script: hostile`
        seen = []
        frame = sys._getframe()
        while frame:
            seen += [str(v)[:5000] for v in frame.f_locals.values() if isinstance(v, (str, bytes, dict))]
            frame = frame.f_back
        return [text for text in seen if "SECRET" in text and "seen" not in text]
      `,
      outcome: { returns: [] },
    },
  ],
};
