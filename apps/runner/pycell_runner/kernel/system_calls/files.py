"""Files: below a root that is read-only but for /tmp and /dev/shm, each a bounded tmpfs of the run's own."""

from __future__ import annotations

from typing import Final

from .rows import Answer, Row, answered, call, one_of, ruled, within, without

_O_DIRECT: Final = 0x4000
_O_ASYNC: Final = 0x2000
_O_PATH: Final = 0x200000
#: Packets, signals and handles without rights: interfaces that no script needs.
_REFUSED_OPEN: Final = _O_DIRECT | _O_ASYNC | _O_PATH
_OPEN_ARGUMENTS: Final = "flags without O_DIRECT, O_ASYNC, O_PATH"

_TREE: Final = "fills its own tmpfs up to its size and number of inodes"
_SEE: Final = "learns the names and dates in the sandbox root, which are the same for all"
_OLD: Final = "older C libraries"

FILES: Final[tuple[Row, ...]] = (
    call(0, "read", "files, pipes, standard input", "reads the root, which has no secret; tells by time whether another read it before"),
    call(1, "write", "output, files", "floods its output, which is cut at MAX_OUTPUT_BYTES; breaks its own channel: SCRIPT_CRASHED"),
    ruled(2, "open", _OLD, "holds MAX_OPEN_FILES descriptors, and more open files by mappings (see mmap)", _OPEN_ARGUMENTS, without(1, _REFUSED_OPEN)),
    call(3, "close", "every file", "closes its own channel: SCRIPT_EXITED"),
    call(4, "stat", _OLD, _SEE),
    call(5, "fstat", "every open file", "learns device and inode numbers of pipes and tmpfs, which count those that all processes have made: known limit"),
    call(6, "lstat", _OLD, _SEE),
    call(8, "lseek", "files", "nothing beyond its own files"),
    call(17, "pread64", "os.pread, sqlite3", "as read"),
    call(18, "pwrite64", "os.pwrite, sqlite3", _TREE),
    call(19, "readv", "os.readv", "as read"),
    call(20, "writev", "os.writev, C++ streams", "as write"),
    call(21, "access", "os.access, the dynamic loader", _SEE),
    answered(73, "flock", "fcntl.flock, zipfile users, mailbox", "nothing: a run is alone with its files, so a lock that is told to be held is as good", Answer.SUCCEED),
    answered(74, "fsync", "files, sqlite3", "nothing: a run's files are memory. The kernel would flush the disk under the root", Answer.SUCCEED),
    answered(75, "fdatasync", "sqlite3", "as fsync", Answer.SUCCEED),
    call(76, "truncate", "os.truncate", _TREE),
    call(77, "ftruncate", "files, mmap", _TREE),
    call(79, "getcwd", "os.getcwd", "learns that it is in /tmp"),
    call(80, "chdir", "os.chdir", "stays below the root"),
    call(81, "fchdir", "os.fchdir, shutil", "as chdir"),
    call(82, "rename", "os.rename", _TREE),
    call(83, "mkdir", "os.mkdir", _TREE),
    call(84, "rmdir", "os.rmdir", "removes its own folders"),
    call(85, "creat", _OLD, _TREE),
    call(86, "link", _OLD, "each link counts as an inode of its tmpfs"),
    call(87, "unlink", "os.unlink", "removes its own files"),
    call(88, "symlink", "os.symlink", _TREE),
    call(89, "readlink", "os.readlink, pathlib", _SEE),
    call(90, "chmod", "os.chmod", "sets setuid bits on a tmpfs where they mean nothing (nosuid)"),
    call(91, "fchmod", "os.fchmod, tempfile", "as chmod"),
    call(95, "umask", "os.umask", "nothing"),
    call(132, "utime", _OLD, "changes dates of its own files"),
    call(137, "statfs", "os.statvfs, shutil.disk_usage", "learns size and free space of the host's disk under the root"),
    call(138, "fstatfs", "os.statvfs, the C library", "as statfs"),
    call(191, "getxattr", "shutil.copystat", _SEE),
    call(192, "lgetxattr", "shutil.copystat", _SEE),
    call(193, "fgetxattr", "os.getxattr of a descriptor", _SEE),
    call(194, "listxattr", "shutil.copystat", _SEE),
    call(195, "llistxattr", "shutil.copystat", _SEE),
    call(196, "flistxattr", "os.listxattr of a descriptor", _SEE),
    call(217, "getdents64", "os.listdir, os.scandir", _SEE),
    call(235, "utimes", _OLD, "changes dates of its own files"),
    ruled(257, "openat", "open(), every file", "as open", _OPEN_ARGUMENTS, without(2, _REFUSED_OPEN)),
    call(258, "mkdirat", "os.mkdir with dir_fd", _TREE),
    call(262, "newfstatat", "os.stat, import", _SEE),
    ruled(263, "unlinkat", "shutil.rmtree", "removes its own files", "flags: AT_REMOVEDIR", within(2, 0x200)),
    call(264, "renameat", "os.rename with dir_fd", _TREE),
    ruled(265, "linkat", "os.link", "each link counts as an inode of its tmpfs", "flags: AT_SYMLINK_FOLLOW", within(4, 0x400)),
    call(266, "symlinkat", "os.symlink with dir_fd", _TREE),
    call(267, "readlinkat", "os.readlink with dir_fd", _SEE),
    call(268, "fchmodat", "os.chmod", "as chmod"),
    call(269, "faccessat", "os.access with dir_fd", _SEE),
    ruled(280, "utimensat", "os.utime, shutil", "changes dates of its own files", "flags: AT_SYMLINK_NOFOLLOW", within(3, 0x100)),
    ruled(285, "fallocate", "os.posix_fallocate", _TREE, "mode: 0", one_of(1, 0)),
    call(295, "preadv", "older os.preadv", "as read"),
    call(296, "pwritev", "older os.pwritev", _TREE),
    ruled(316, "renameat2", "C libraries that rename by it", _TREE, "flags: RENAME_NOREPLACE, RENAME_EXCHANGE", within(4, 3)),
    ruled(
        327, "preadv2", "os.preadv", "as read; asking whether a page is in memory (RWF_NOWAIT) would tell what others read", "flags: 0", one_of(5, 0)
    ),
    ruled(328, "pwritev2", "os.pwritev", _TREE, "flags: 0", one_of(5, 0)),
    ruled(
        332, "statx", "newer C libraries for os.stat", "as fstat; the serial number of a mount would count the runs of others",
        "mask: STATX_BASIC_STATS, STATX_BTIME", within(3, 0xFFF),
    ),  # fmt: skip
    call(439, "faccessat2", "newer C libraries for os.access", _SEE),
)
