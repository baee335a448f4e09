import { type ContainmentTheme, hostile } from './containment-case';

/** What the kernel keeps for a process beside its memory, and what it tells of others by it. */
export const KERNEL_OBJECTS: ContainmentTheme = {
  theme: 'can take nothing of the kernel that nobody counts, and learn nothing from it',
  cases: [
    {
      name: 'no watches of epoll, of which the kernel has one number for the user of the service',
      safe: true,
      script: hostile`
        import select
        calls = [call(213, 1), call(291, 0), call(233, 3, 1, 0, 0), call(232, 3, 0, 1, 0), call(281, 3, 0, 1, 0, 0, 0), call(441, 3, 0, 1, 0, 0, 0)]
        return [distinct(calls), attempt(select.epoll)]
      `,
      outcome: { returns: [['EPERM'], 'EPERM'] },
    },
    {
      name: 'no table of descriptors for each thread',
      script: hostile`
        thread = 0x3D0F00
        CLONE_FILES, CLONE_FS, CLONE_SIGHAND, CLONE_VM = 0x400, 0x200, 0x800, 0x100
        unshared = [call(436, 4000, 4001, flags) for flags in (2, 3, 6, 8, 1 << 31)]
        # Where a thread comes of it, it has a stack and calls one function: anything else would end the run without an answer.
        stack = ctypes.create_string_buffer(1 << 16)
        top = ctypes.c_void_p(ctypes.addressof(stack) + (1 << 16) - 64 & ~63)
        def clone(flags):
            done = libc.clone(libc.abs, top, flags, None, None, None, None)
            time.sleep(0.01)
            return errno.errorcode[ctypes.get_errno()] if done == -1 else "did"
        cloned = [clone(flags) for flags in (thread & ~CLONE_FILES, thread & ~CLONE_FS, 0x10000, thread | 0x2000)]
        own = []
        def hog():
            libc.syscall(ctypes.c_long(436), ctypes.c_long(4000), ctypes.c_long(4001), ctypes.c_long(2))
            held = []
            try:
                while True:
                    held.append(os.dup(0))
            except OSError:
                own.append(len(held))
            time.sleep(0.3)
            for number in held:
                os.close(number)
        threads = [threading.Thread(target=hog) for _ in range(4)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        return [distinct(unshared), distinct(cloned), sum(own) < resource.getrlimit(resource.RLIMIT_NOFILE)[0] * 2]
      `,
      outcome: { returns: [['EPERM'], ['EPERM'], true] },
    },
    {
      name: 'no record locks: they are told to be held, and nobody finds them',
      script: hostile`
        import fcntl
        F_GETLK, F_SETLK, F_SETLKW, F_OFD_GETLK, F_OFD_SETLK, F_OFD_SETLKW = 5, 6, 7, 36, 37, 38
        whole = lambda kind: struct.pack("hhqqi4x", kind, 0, 0, 0, 0)
        one, other = os.open("/usr", os.O_RDONLY), os.open("/usr", os.O_RDONLY)
        told = [attempt(fcntl.fcntl, one, command, whole(0)) for command in (F_SETLK, F_SETLKW, F_OFD_SETLK, F_OFD_SETLKW)]
        found = attempt(lambda: struct.unpack("hhqqi4x", fcntl.fcntl(other, F_OFD_GETLK, whole(1)))[0] == fcntl.F_UNLCK)
        return [[one if isinstance(one, str) else one[0] for one in told], found]
      `,
      outcome: {
        returns: [
          ['did', 'did', 'did', 'did'],
          ['did', 'True'],
        ],
      },
      // Its older releases have no locks of open files to ask for.
      insideGvisor: { returns: [['did', 'did', 'did', 'did'], 'EINVAL'] },
    },
    {
      name: 'no lock on an inode of the host',
      script: hostile`
        import fcntl
        one, other = os.open("/dev/null", os.O_RDONLY), os.open("/dev/null", os.O_RDONLY)
        # Both have it at once: there is no lock.
        return [attempt(fcntl.flock, file, fcntl.LOCK_EX | fcntl.LOCK_NB) for file in (one, other)]
      `,
      outcome: {
        returns: [
          ['did', 'None'],
          ['did', 'None'],
        ],
      },
    },
    {
      name: 'a lock held for long costs no call to the kernel',
      script: hostile`
        import fcntl
        fcntl_c = ctypes.CDLL(None, use_errno=True).fcntl
        file = os.open("/dev/null", os.O_RDONLY)
        lock = ctypes.create_string_buffer(struct.pack("hhqqi4x", 1, 0, 0, 1, 0))
        return sum(fcntl_c(file, 37, lock) for _ in range(10_000))
      `,
      outcome: { returns: 0 },
    },
    {
      name: 'whether a page of the shared root is in memory, and no way to throw it out',
      script: hostile`
        import mmap
        file = os.open(os.__file__, os.O_RDONLY)
        told = [attempt(os.preadv, file, [bytearray(64)], 0, flags) for flags in (os.RWF_NOWAIT, os.RWF_HIPRI, 64)]
        told.append(attempt(os.posix_fadvise, file, 0, 0, os.POSIX_FADV_DONTNEED))
        told += [call(27, 0, 4096, 0), call(451, file, 0, 0, 0), call(187, file, 0, 4096), call(277, file, 0, 4096, 7)]
        page = mmap.mmap(file, 4096, prot=mmap.PROT_READ)
        told += [attempt(page.madvise, advice) for advice in (9, 20, 21, 25)]
        told.append(attempt(os.open, os.__file__, os.O_RDONLY | os.O_DIRECT))
        return distinct(told)
      `,
      outcome: { returns: ['EPERM'] },
    },
    {
      name: 'no merging of pages with those of others',
      script: hostile`
        import mmap
        page = mmap.mmap(-1, 1 << 20)
        return [attempt(page.madvise, advice) for advice in (mmap.MADV_MERGEABLE, mmap.MADV_UNMERGEABLE, 100, 101)]
      `,
      outcome: { returns: ['EPERM', 'EPERM', 'EPERM', 'EPERM'] },
    },
    {
      name: 'no descriptor and no name of the process at the other end of its channel',
      safe: true,
      script: hostile`
        channel = socket.socket(fileno=os.dup(descriptors()[-1]))
        options = {name: attempt(channel.getsockopt, socket.SOL_SOCKET, number, 256)
                   for name, number in (("PEERPIDFD", 77), ("PEERCRED", 17), ("PEERSEC", 31), ("PEERGROUPS", 59), ("PASSPIDFD", 76), ("COOKIE", 57), ("INCOMING_CPU", 49))}
        return [distinct(options.values()), channel.getsockopt(socket.SOL_SOCKET, socket.SO_TYPE)]
      `,
      outcome: { returns: [['EPERM'], 1] },
    },
    {
      name: 'no flags on messages but those that programs use',
      safe: true,
      script: hostile`
        one, other = socket.socketpair()
        one.sendall(b"plain")
        MSG_ZEROCOPY, MSG_ERRQUEUE, MSG_FASTOPEN = 0x4000000, 0x2000, 0x20000000
        sent = [attempt(one.send, b"x", flag) for flag in (socket.MSG_OOB, MSG_ZEROCOPY, MSG_FASTOPEN, socket.MSG_EOR)]
        received = [attempt(other.recv, 1, flag | socket.MSG_DONTWAIT) for flag in (socket.MSG_OOB, MSG_ERRQUEUE, socket.MSG_TRUNC)]
        return [distinct(sent), distinct(received), other.recv(5, socket.MSG_PEEK | socket.MSG_DONTWAIT)]
      `,
      outcome: { returns: [['EPERM'], ['EPERM'], 'plain'] },
    },
    {
      name: 'no pipe of packets, and no signal for each piece of output',
      script: hostile`
        import fcntl
        O_ASYNC, O_NOTIFICATION_PIPE = 0x2000, os.O_EXCL
        flags = [fcntl.fcntl(fd, fcntl.F_GETFL) for fd in (1, 2)]
        told = [attempt(fcntl.fcntl, fd, fcntl.F_SETFL, flags[fd - 1] | flag) for fd in (1, 2) for flag in (os.O_DIRECT, O_ASYNC)]
        told += [attempt(os.pipe2, flag) for flag in (os.O_DIRECT, O_NOTIFICATION_PIPE)]
        fcntl.fcntl(1, fcntl.F_SETFL, flags[0] | os.O_NONBLOCK)
        return distinct(told)
      `,
      outcome: { returns: ['EPERM'] },
    },
    {
      name: 'no flush of the disk under the root: its own files need none',
      script: hostile`
        file = os.open(os.__file__, os.O_RDONLY)
        return [attempt(os.fsync, file), attempt(os.fdatasync, file), attempt(os.fsync, 0), call(162), call(306, file)]
      `,
      outcome: { returns: [['did', 'None'], ['did', 'None'], ['did', 'None'], 'EPERM', 'EPERM'] },
    },
    {
      name: 'no serial number of mounts, which would count the runs of others',
      script: hostile`
        STATX_MNT_ID_UNIQUE, STATX_BASIC_STATS = 0x4000, 0x7FF
        told = ctypes.create_string_buffer(256)
        return [call(332, -100, b"/tmp\0", 0, mask, told) for mask in (STATX_MNT_ID_UNIQUE, 0x1000, 0x10000, STATX_BASIC_STATS)]
      `,
      outcome: { returns: ['EPERM', 'EPERM', 'EPERM', 'did 0'] },
    },
    {
      name: 'no signal to itself that stops or continues it',
      script: hostile`
        signals = (signal.SIGKILL, signal.SIGSTOP, signal.SIGCONT, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU)
        told = [attempt(os.kill, os.getpid(), number) for number in signals]
        told += [attempt(signal.raise_signal, number) for number in signals]
        told += [call(200, threading.get_native_id(), number) for number in signals]
        return distinct(told)
      `,
      outcome: { returns: ['EPERM'] },
    },
    {
      name: 'no more signals that wait for it than a program has',
      script: hostile`
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGRTMIN})
        for _ in range(5_000):
            os.kill(os.getpid(), signal.SIGRTMIN)
        waiting = 0
        while signal.sigtimedwait({signal.SIGRTMIN}, 0):
            waiting += 1
        return waiting <= 300
      `,
      outcome: { returns: true },
      // It takes no such limit, and its older releases do not give the signals back.
      insideGvisor: { fails: ['SCRIPT_ERROR', 'SCRIPT_CRASHED', 'TIMEOUT'] },
    },
    {
      name: 'nothing of the memory, the load and the processes of the host',
      script: hostile`
        return [call(99, ctypes.create_string_buffer(256)), call(324, 0, 0, 0)]
      `,
      outcome: { returns: ['EPERM', 'EPERM'] },
    },
    {
      name: 'no lock that inherits a priority, and no queue of such',
      script: hostile`
        word = ctypes.create_string_buffer(8)
        return distinct(call(202, word, operation | flag, 0, 0, 0, 0) for operation in (2, 3, 4, 5, 6, 7, 8, 11, 12, 13) for flag in (0, 128))
      `,
      outcome: { returns: ['EPERM'] },
    },
    {
      name: 'and asyncio, locks of files and databases work all the same, with pandas loaded too',
      script: `import pandas\n${hostile`
        import asyncio, fcntl, selectors, sqlite3
        async def tick():
            await asyncio.sleep(0.001)
            return await asyncio.to_thread(lambda: "tick")
        database = sqlite3.connect("/tmp/a.db")
        database.execute("pragma journal_mode = wal")
        database.execute("create table t as select 1 as a")
        database.commit()
        with open("/tmp/lock", "w") as file:
            fcntl.lockf(file, fcntl.LOCK_EX)
            fcntl.flock(file, fcntl.LOCK_SH)
        return [asyncio.run(tick()), database.execute("select a from t").fetchone(), type(selectors.DefaultSelector()).__name__]
      `}`,
      outcome: { returns: ['tick', [1], 'PollSelector'] },
      insideGvisor: { fails: ['SCRIPT_ERROR'], error: /unable to open database file|Permission denied/ },
    },
  ],
};
