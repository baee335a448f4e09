import { type ExecutionLimits, PROBED_FOLDERS } from '@pycell/contracts';

/**
 * Returns the script by which a run finds out about itself, as an object of facts. It judges nothing: the judge of its jail does.
 * It tries what must be refused, so it is for a jail only; the policy, which would refuse it, is passed by.
 */
export function probeScript({ memoryLimitMb }: ExecutionLimits): string {
  // More than a run may take, by more than what freed memory of the interpreter could give.
  const memoryBytes = (memoryLimitMb + 1) * 1024 * 1024;
  return `
import ctypes, errno, mmap, os, resource, socket

libc = ctypes.CDLL(None, use_errno=True)

def refusal(act):
    try:
        act()
    except OSError as error:
        return errno.errorcode.get(error.errno, str(error.errno))
    return None

def call(number, *arguments):
    ctypes.set_errno(0)
    result = libc.syscall(number, *map(ctypes.c_long, arguments))
    return errno.errorcode.get(ctypes.get_errno(), "other") if result < 0 else None

def open_descriptors(limit):
    found = []
    for descriptor in range(limit):
        try:
            os.fstat(descriptor)
        except OSError:
            continue
        found.append(descriptor)
    return found

def writable():
    found = []
    for folder in ${JSON.stringify(PROBED_FOLDERS)}:
        path = os.path.join(folder, "pycell-probe")
        try:
            open(path, "w").close()
        except OSError:
            continue
        os.remove(path)
        found.append(folder)
    return found

def found(folder):
    return sorted(os.path.join(path, name) for path, folders, files in os.walk(folder) for name in folders + files)

def tmpfs_bytes(path):
    status = os.statvfs(path)
    return status.f_blocks * status.f_frsize

def capabilities():
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    sets = (ctypes.c_uint32 * 6)()
    return list(sets) if libc.syscall(125, header, sets) == 0 else None

def main():
    limit = {name: list(resource.getrlimit(getattr(resource, "RLIMIT_" + name))) for name in ("AS", "CPU", "FSIZE", "NOFILE", "CORE", "NPROC")}
    return {
        "kernel": " ".join(os.uname()[2:4]),
        "pid": os.getpid(),
        "parent": os.getppid(),
        "uid": os.getuid(),
        "gid": os.getgid(),
        "groups": os.getgroups(),
        "capabilities": capabilities(),
        "environment": len(os.environ.items() - {("HOME", "/tmp"), ("USER", "sandbox")}),
        "rootReadOnly": bool(os.statvfs("/").f_flag & os.ST_RDONLY),
        "rootChange": refusal(lambda: os.chmod("/", 0o777)),
        "rootWrite": refusal(lambda: open("/pycell-probe", "w")),
        "writable": writable(),
        "proc": os.path.exists("/proc/self"),
        "found": found("/tmp") + found("/dev/shm"),
        "tmpBytes": tmpfs_bytes("/tmp"),
        "shmBytes": tmpfs_bytes("/dev/shm"),
        "descriptors": open_descriptors(limit["NOFILE"][0]),
        "limits": limit,
        "memory": refusal(lambda: mmap.mmap(-1, ${memoryBytes})),
        "socket": refusal(socket.socket),
        "fork": call(57),
        "unshare": call(272, 0),
        "mount": call(165, 0, 0, 0, 0, 0),
        "ptrace": call(101, 0),
        "memfd": call(319, 0, 0),
        "clone3": call(435, 0, 0),
        "prctl": call(157, 4, 1),
    }
`;
}
