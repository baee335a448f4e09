import { type ContainmentTheme, hostile } from './containment-case';

export const FILES: ContainmentTheme = {
  theme: 'can write only to its own small /tmp and /dev/shm',
  cases: [
    {
      name: 'no folder but these two accepts a file',
      isAboutFiles: true,
      safe: true,
      script: hostile`
        writable = []
        for folder, folders, files in os.walk("/"):
            path = os.path.join(folder, "e2e-probe")
            try:
                os.close(os.open(path, os.O_CREAT | os.O_WRONLY))
                os.unlink(path)
                writable.append(folder)
            except OSError:
                pass
        return sorted(writable)
      `,
      outcome: { returns: ['/dev/shm', '/tmp', '/tmp/work', '/tmp/work/output'] },
      insideGvisor: { returns: [] },
    },
    {
      name: 'no file of the root can be opened for writing, changed, renamed or removed',
      script: hostile`
        changed = []
        for folder, folders, files in os.walk("/"):
            if folder.startswith(("/tmp", "/dev")):
                continue
            for name in files[:3]:
                path = os.path.join(folder, name)
                if os.path.islink(path):
                    continue
                results = [
                    attempt(os.open, path, os.O_WRONLY), attempt(os.truncate, path, 0), attempt(os.chmod, path, 0o777),
                    attempt(os.unlink, path), attempt(os.rename, path, path + "x"), attempt(os.link, path, "/tmp/link"),
                    attempt(os.utime, path),
                ]
                changed += [path for result in results if isinstance(result, list)]
        return changed
      `,
      outcome: { returns: [] },
    },
    {
      name: 'folders of the root can neither be made nor removed',
      script: hostile`
        return [attempt(os.mkdir, "/new"), attempt(os.rmdir, "/tmp"), attempt(os.rename, "/usr", "/tmp/usr"), attempt(os.symlink, "/tmp", "/etc/link")]
      `,
      outcome: {
        returns: [
          expect.stringMatching(/EROFS|EPERM|EACCES/),
          expect.stringMatching(/EBUSY|EROFS|EPERM|EACCES/),
          expect.stringMatching(/EXDEV|EROFS|EPERM|EACCES|EBUSY/),
          expect.stringMatching(/EROFS|EPERM|EACCES/),
        ],
      },
    },
    {
      name: 'nothing of the devices can be changed, not even a time: they are the host’s, and the next run’s',
      script: hostile`
        with open("/dev/null", "w") as file:
            file.write("this is what it is for")
        devices = ["/dev/" + name for name in os.listdir("/dev") if name != "shm"]
        results = [attempt(*action) for path in devices for action in ((os.utime, path), (os.chmod, path, 0o777), (os.unlink, path), (os.rename, path, path + "x"))]
        return [len(devices), sorted({result for result in results if isinstance(result, str)}), [r for r in results if not isinstance(r, str)]]
      `,
      outcome: { returns: [3, expect.anything(), []] },
      insideGvisor: { fails: ['SCRIPT_ERROR'], error: /Permission denied|No usable temporary directory/ },
    },
    {
      name: '/tmp is full at TMP_SIZE_MB',
      script: hostile`
        written, reason = 0, None
        try:
            for n in range(100):
                with open("/tmp/f%d" % n, "wb", buffering=0) as file:
                    written += file.write(b"x" * 1_000_000)
        except OSError as error:
            reason = errno.errorcode[error.errno]
        return [reason, 14_000_000 < written <= 16 * 1024 * 1024]
      `,
      outcome: { returns: ['ENOSPC', true] },
      insideGvisor: { returns: ['EACCES', false] },
    },
    {
      name: 'no file is larger than TMP_SIZE_MB, sparse ones included',
      script: hostile`
        with open("/tmp/big", "wb") as file:
            return [attempt(os.ftruncate, file.fileno(), 1 << 40), attempt(os.posix_fallocate, file.fileno(), 0, 1 << 30)]
      `,
      outcome: {
        returns: [expect.stringMatching(/EFBIG|ENOSPC|EINVAL/), expect.stringMatching(/EFBIG|ENOSPC/)],
      },
      insideGvisor: { fails: ['SCRIPT_ERROR'], error: /Permission denied|No usable temporary directory/ },
    },
    {
      name: '/dev/shm is small',
      script: hostile`
        written, reason = 0, None
        try:
            with open("/dev/shm/f", "wb", buffering=0) as file:
                for _ in range(100):
                    written += file.write(b"x" * 1_000_000)
        except OSError as error:
            reason = errno.errorcode[error.errno]
        return [reason in ("ENOSPC", "EFBIG"), written <= 16 * 1024 * 1024]
      `,
      outcome: { returns: [true, true] },
      insideGvisor: { returns: [false, true] },
    },
    {
      name: 'files without end run into a limit, not into the memory of the host',
      script: hostile`
        count = 0
        try:
            while count < 2_000_000:
                os.close(os.open("/tmp/n%d" % count, os.O_CREAT | os.O_WRONLY))
                count += 1
        except OSError as error:
            return errno.errorcode[error.errno]
      `,
      outcome: { returns: 'ENOSPC' },
      insideGvisor: { returns: 'EACCES' },
    },
    {
      name: 'there is no executable but the interpreter, and none with a set-user-id bit',
      safe: true,
      script: hostile`
        import stat
        programs, privileged = [], []
        for folder, folders, files in os.walk("/"):
            for name in files:
                path = os.path.join(folder, name)
                mode = os.lstat(path).st_mode
                if not stat.S_ISREG(mode):
                    continue
                if mode & 0o6000:
                    privileged.append(path)
                if mode & 0o111:
                    with open(path, "rb") as file:
                        head = file.read(2)
                    if head == b"\x7fE" and ".so" not in name or head == b"#!" and not path.endswith(".py"):
                        programs.append(name)
        return [[name for name in programs if not name.startswith("python3")], privileged]
      `,
      outcome: { returns: [[], []] },
    },
    {
      name: 'there is no shell and no tool',
      safe: true,
      script: hostile`
        folders = ["/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/local/bin"]
        names = ["sh", "bash", "dash", "busybox", "env", "cat", "ls", "perl", "curl", "wget", "nsjail", "su", "sudo", "mount", "gcc"]
        return [f"{d}/{n}" for d in folders for n in names if os.path.exists(f"{d}/{n}")]
      `,
      outcome: { returns: [] },
    },
    {
      name: 'a program written to /tmp cannot be started',
      script: hostile`
        with open("/tmp/run", "wb") as file:
            file.write(open(sys.executable or "/usr/bin/python3", "rb").read(4096))
        os.chmod("/tmp/run", 0o755)
        return [attempt(os.execv, "/tmp/run", ["run"]), attempt(os.posix_spawn, "/tmp/run", ["run"], {})]
      `,
      outcome: { returns: ['EPERM', 'EPERM'] },
      insideGvisor: { fails: ['SCRIPT_ERROR'], error: /Permission denied|No usable temporary directory/ },
    },
    {
      name: 'device nodes cannot be made',
      script: hostile`
        return [attempt(os.mknod, "/tmp/mem", 0o020666, os.makedev(1, 1)), attempt(os.mknod, "/tmp/disk", 0o060666, os.makedev(8, 0))]
      `,
      outcome: { returns: ['EPERM', 'EPERM'] },
    },
    {
      name: 'a path out of the root leads nowhere',
      safe: true,
      script: hostile`
        os.chdir("/")
        up = os.stat("../../../../..")
        return [(up.st_ino, up.st_dev) == (os.stat("/").st_ino, os.stat("/").st_dev), attempt(os.chroot, "/tmp"), os.path.exists("/../etc/shadow")]
      `,
      outcome: { returns: [true, 'EPERM', false] },
    },
  ],
};
