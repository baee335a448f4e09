"""Descriptors, waiting for them, and the ends of a stream socket pair."""

from __future__ import annotations

from typing import Final

from .rows import Answer, Case, Row, both, call, null, one_of, ruled, within, without

_CLOEXEC: Final = 0x80000
_NONBLOCK: Final = 0x800
_O_DIRECT: Final = 0x4000
_O_ASYNC: Final = 0x2000

_AF_UNIX: Final = 1
_SOCK_STREAM: Final = 1
_SOL_SOCKET: Final = 1
_SO_TYPE, _SO_ERROR, _SO_SNDBUF, _SO_RCVBUF, _SO_ACCEPTCONN, _SO_PROTOCOL, _SO_DOMAIN = 3, 4, 7, 8, 30, 38, 39
_MSG_PEEK, _MSG_DONTWAIT, _MSG_WAITALL, _MSG_NOSIGNAL, _MSG_MORE = 0x2, 0x40, 0x100, 0x4000, 0x8000

_F_DUPFD, _F_GETFD, _F_SETFD, _F_GETFL, _F_SETFL, _F_GETLK, _F_SETLK, _F_SETLKW = 0, 1, 2, 3, 4, 5, 6, 7
_F_OFD_GETLK, _F_OFD_SETLK, _F_OFD_SETLKW, _F_DUPFD_CLOEXEC, _F_GETPIPE_SZ = 36, 37, 38, 1030, 1032
_TCGETS, _TIOCGWINSZ, _FIONREAD, _FIONBIO, _FIONCLEX, _FIOCLEX = 0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451

_OWN: Final = "at most MAX_OPEN_FILES of its own"

DESCRIPTORS: Final[tuple[Row, ...]] = (
    call(7, "poll", "select.poll, asyncio", "waits"),
    ruled(
        16, "ioctl", "isatty, os.get_terminal_size, blocking and close-on-exec flags", "asks how much of its output was read",
        "request: TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIOCLEX, FIONCLEX",
        one_of(1, _TCGETS, _TIOCGWINSZ, _FIONREAD, _FIONBIO, _FIONCLEX, _FIOCLEX),
    ),
    call(22, "pipe", "older C libraries", "64 KiB of kernel memory for each of MAX_OPEN_FILES descriptors"),
    call(23, "select", "older C libraries", "waits"),
    call(32, "dup", "os.dup", _OWN),
    call(33, "dup2", "os.dup2, contextlib", "puts another file in the place of its output: that output is lost"),
    ruled(
        44, "sendto", "socket.send on a pair", "sends to itself", "no address; flags: MSG_DONTWAIT, MSG_NOSIGNAL, MSG_MORE",
        both(null(4), within(3, _MSG_DONTWAIT | _MSG_NOSIGNAL | _MSG_MORE)),
    ),
    ruled(
        45, "recvfrom", "socket.recv on a pair", "receives from itself", "flags: MSG_PEEK, MSG_WAITALL, MSG_DONTWAIT",
        within(3, _MSG_PEEK | _MSG_WAITALL | _MSG_DONTWAIT),
    ),
    call(48, "shutdown", "socket.shutdown on a pair", "ends its own channel: SCRIPT_EXITED"),
    call(51, "getsockname", "socket objects", "learns that its channel has no name"),
    call(52, "getpeername", "socket objects", "learns that the other end has no name it could use"),
    ruled(
        53, "socketpair", "asyncio wakes itself up with one", "kernel buffers of some 400 KiB a pair", "AF_UNIX, SOCK_STREAM, protocol 0",
        both(one_of(0, _AF_UNIX), one_of(1, _SOCK_STREAM, ignoring=_CLOEXEC | _NONBLOCK), one_of(2, 0)),
    ),
    ruled(
        55, "getsockopt", "socket objects", "learns the size of a buffer; a pid of the service (SO_PEERPIDFD, SO_PEERCRED) is refused",
        "SOL_SOCKET with SO_TYPE, SO_ERROR, SO_SNDBUF, SO_RCVBUF, SO_ACCEPTCONN, SO_PROTOCOL, SO_DOMAIN",
        both(
            one_of(1, _SOL_SOCKET),
            one_of(2, _SO_TYPE, _SO_ERROR, _SO_SNDBUF, _SO_RCVBUF, _SO_ACCEPTCONN, _SO_PROTOCOL, _SO_DOMAIN),
        ),
    ),
    ruled(
        72, "fcntl", "descriptors, locks of lockf and sqlite3", "as dup; locks are told to be held and are not made: a run is alone with its files",
        "duplicates, descriptor flags, F_SETFL without O_DIRECT and O_ASYNC, F_GETLK, F_GETPIPE_SZ; F_SETLK, F_SETLKW, F_OFD_SETLK, F_OFD_SETLKW answer 0",
        one_of(1, _F_DUPFD, _F_GETFD, _F_SETFD, _F_GETFL, _F_GETLK, _F_OFD_GETLK, _F_DUPFD_CLOEXEC, _F_GETPIPE_SZ),
        both(one_of(1, _F_SETFL), without(2, _O_DIRECT | _O_ASYNC)),
        Case((one_of(1, _F_SETLK, _F_SETLKW, _F_OFD_SETLK, _F_OFD_SETLKW),), Answer.SUCCEED),
    ),
    call(270, "pselect6", "select.select", "waits"),
    call(271, "ppoll", "select.poll, asyncio", "waits"),
    ruled(290, "eventfd2", "os.eventfd", _OWN, "flags: EFD_SEMAPHORE, EFD_CLOEXEC, EFD_NONBLOCK", within(1, 1 | _CLOEXEC | _NONBLOCK)),
    ruled(292, "dup3", "os.dup2 without inheritance", "as dup2", "flags: O_CLOEXEC", within(2, _CLOEXEC)),
    ruled(
        293, "pipe2", "os.pipe", "64 KiB of kernel memory for each of MAX_OPEN_FILES descriptors", "flags: O_CLOEXEC, O_NONBLOCK",
        within(1, _CLOEXEC | _NONBLOCK),
    ),
    ruled(
        436, "close_range", "os.closerange", "closes its own channel: SCRIPT_EXITED; a descriptor table for each thread (CLOSE_RANGE_UNSHARE) would be 31 times MAX_OPEN_FILES",
        "flags: 0, CLOSE_RANGE_CLOEXEC", one_of(2, 0, 4),
    ),
)  # fmt: skip
