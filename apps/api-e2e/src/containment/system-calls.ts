import { type ContainmentTheme, hostile, PRELUDE } from './containment-case';

/** x86-64 numbers of calls that give power over other processes, the kernel or the machine, or a channel past the jail. */
const REFUSED: Readonly<Record<string, number>> = {
  ...{ socket: 41, connect: 42, accept: 43, sendmsg: 46, recvmsg: 47, bind: 49, listen: 50, accept4: 288 },
  ...{ recvmmsg: 299, sendmmsg: 307, setsockopt: 54 },
  ...{
    shmget: 29,
    shmat: 30,
    shmctl: 31,
    semget: 64,
    semop: 65,
    msgget: 68,
    msgsnd: 69,
    msgrcv: 70,
    mq_open: 240,
  },
  ...{ ptrace: 101, process_vm_readv: 310, process_vm_writev: 311, kcmp: 312, process_madvise: 440 },
  ...{
    pidfd_send_signal: 424,
    pidfd_open: 434,
    pidfd_getfd: 438,
    rt_sigqueueinfo: 129,
    rt_tgsigqueueinfo: 297,
  },
  ...{
    setuid: 105,
    setgid: 106,
    setreuid: 113,
    setregid: 114,
    setgroups: 116,
    setresuid: 117,
    setresgid: 119,
  },
  ...{ setfsuid: 122, setfsgid: 123, capset: 126, setsid: 112, setpgid: 109 },
  ...{ unshare: 272, setns: 308, mount: 165, umount2: 166, pivot_root: 155, chroot: 161, sethostname: 170 },
  ...{
    open_tree: 428,
    move_mount: 429,
    fsopen: 430,
    fsconfig: 431,
    fsmount: 432,
    fspick: 433,
    mount_setattr: 442,
  },
  ...{ openat2: 437, open_by_handle_at: 304, name_to_handle_at: 303, memfd_create: 319, memfd_secret: 447 },
  ...{ bpf: 321, perf_event_open: 298, userfaultfd: 323, io_uring_setup: 425, io_uring_enter: 426 },
  ...{
    io_uring_register: 427,
    io_setup: 206,
    seccomp: 317,
    modify_ldt: 154,
    personality: 135,
    iopl: 172,
    ioperm: 173,
  },
  ...{
    add_key: 248,
    request_key: 249,
    keyctl: 250,
    inotify_init: 253,
    inotify_init1: 294,
    fanotify_init: 300,
  },
  ...{ landlock_create_ruleset: 444, quotactl: 179, syslog: 103, acct: 163, swapon: 167, init_module: 175 },
  ...{
    finit_module: 313,
    kexec_load: 246,
    settimeofday: 164,
    clock_settime: 227,
    adjtimex: 159,
    vhangup: 153,
  },
  ...{ mknod: 133, mknodat: 259, chown: 92, fchownat: 260, setxattr: 188, mlockall: 151, mbind: 237 },
  ...{ migrate_pages: 256, move_pages: 279, splice: 275, tee: 276, vmsplice: 278, sched_setscheduler: 144 },
  ...{ fork: 57, vfork: 58, execve: 59, execveat: 322 },
};

const CALLS = JSON.stringify(REFUSED);

export const SYSTEM_CALLS: ContainmentTheme = {
  theme: 'is refused the system calls that could break the jail',
  cases: [
    {
      name: `${Object.keys(REFUSED).length} calls, each by its number, end with EPERM`,
      script: `${PRELUDE}\ndef main():\n    return {name: call(number, 0, 0, 0, 0, 0, 0) for name, number in ${CALLS}.items()}\n`,
      outcome: { returns: Object.fromEntries(Object.keys(REFUSED).map((name) => [name, 'EPERM'])) },
    },
    {
      name: 'numbers that no kernel of today has are refused as well',
      safe: true,
      script: hostile`
        return sorted({call(number, 0, 0, 0, 0, 0, 0) for number in list(range(452, 600)) + [9999]})
      `,
      outcome: { returns: ['EPERM'] },
    },
    {
      name: 'prctl does nothing but name a thread',
      safe: true,
      script: hostile`
        allowed = [option for option in range(0, 80) if call(157, option, 0, 0, 0, 0) != "EPERM"]
        return [allowed, call(157, 0x53564D41, 0, 0, 0, 0), call(157, 38, 0, 0, 0, 0), call(157, 4, 1, 0, 0, 0)]
      `,
      outcome: { returns: [[15, 16], 'EPERM', 'EPERM', 'EPERM'] },
    },
    {
      name: 'fcntl and ioctl do nothing that leads outside',
      safe: true,
      script: hostile`
        import fcntl
        F_SETOWN, F_SETSIG, F_SETLEASE, F_NOTIFY, F_SETPIPE_SZ, F_ADD_SEALS = 8, 10, 1024, 1026, 1031, 1033
        TIOCSTI, TIOCLINUX, TIOCSCTTY, FIBMAP, FS_IOC_SETFLAGS = 0x5412, 0x541C, 0x540E, 1, 0x40086602
        return [
            sorted({call(72, 0, command, 1) for command in (F_SETOWN, F_SETSIG, F_SETLEASE, F_NOTIFY, F_SETPIPE_SZ, F_ADD_SEALS)}),
            sorted({call(16, 0, request, 0) for request in (TIOCSTI, TIOCLINUX, TIOCSCTTY, FIBMAP, FS_IOC_SETFLAGS)}),
        ]
      `,
      outcome: { returns: [['EPERM'], ['EPERM']] },
    },
    {
      name: 'an x32 call kills the run',
      safe: true,
      script: hostile`
        return call(0x40000000 | 39)
      `,
      outcome: { fails: ['SCRIPT_CRASHED'], error: /SIGSYS/ },
    },
    {
      name: 'an i386 call kills the run',
      safe: true,
      script: hostile`
        import mmap
        page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        page.write(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")  # mov eax, 20 (getpid); int 0x80; ret
        address = ctypes.addressof(ctypes.c_char.from_buffer(page))
        return ctypes.CFUNCTYPE(ctypes.c_int)(address)()
      `,
      outcome: { fails: ['SCRIPT_CRASHED'], error: /SIGSYS|SIGSEGV/ },
      // gVisor takes it for the 64-bit call of that number, here writev: it goes through the filter like any other.
      insideGvisor: { returns: -9 },
    },
    {
      name: 'what scripts need but files works',
      script: hostile`
        import asyncio, concurrent.futures, sqlite3
        async def tick():
            await asyncio.sleep(0.01)
            return "tick"
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            return [asyncio.run(tick()), pool.submit(os.getpid).result() == os.getpid(), sqlite3.connect(":memory:").execute("select 1").fetchone(), len(os.urandom(4))]
      `,
      outcome: { returns: ['tick', true, [1], 4] },
    },
    {
      name: 'another filter, or none, cannot be had',
      safe: true,
      script: hostile`
        return [call(317, 1, 0, 0), call(157, 22, 0, 0, 0, 0), call(157, 21, 0, 0, 0, 0)]
      `,
      outcome: { returns: ['EPERM', 'EPERM', 'EPERM'] },
    },
    {
      name: 'what scripts need still works under the filter',
      script: hostile`
        import asyncio, concurrent.futures, pathlib, select, sqlite3, tempfile
        async def tick():
            await asyncio.sleep(0.01)
            return "tick"
        with tempfile.TemporaryFile() as file, concurrent.futures.ThreadPoolExecutor(2) as pool:
            file.write(b"x")
            return [
                asyncio.run(tick()), pool.submit(os.getpid).result() == os.getpid(), sqlite3.connect("/tmp/a.db").execute("select 1").fetchone(),
                pathlib.Path("/tmp/t").write_text("x"), select.select([], [1], [], 0)[1], os.cpu_count() > 0, time.time() > 0, len(os.urandom(4)),
            ]
      `,
      outcome: { returns: ['tick', true, [1], 1, [1], true, true, 4] },
      insideGvisor: { fails: ['SCRIPT_ERROR'], error: /Permission denied|No usable temporary directory/ },
    },
  ],
};
