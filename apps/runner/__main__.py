"""The runner's command line: `python3 -I -S -B <folder> --once --connection FD [--isolated] [--packages DIR]`.

Started by the API's executors: by nsjail in the jail (`--isolated`), directly in local mode. With `--once` it
serves one RUN frame and exits.
"""

from __future__ import annotations

import argparse
import os
import sys
from json import dumps


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="pycell_runner", description="Runs one Python script for pycell.")
    parser.add_argument("--once", action="store_true", required=True, help="serve one run, then exit")
    parser.add_argument("--connection", type=int, required=True, help="descriptor of the socket to the API")
    parser.add_argument("--isolated", action="store_true", help="this is the jail: apply the seccomp filter too")
    parser.add_argument("--packages", help="folder of the packages that scripts may import (default: site-packages)")
    return parser.parse_args()


def _site_packages() -> str:
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return os.path.join(sys.prefix, sys.platlibdir, version, "site-packages")


def main() -> int:
    """Serve one run. Returns the exit status: 0 served, 1 the API went away or sent no proper RUN frame."""
    arguments = _arguments()
    own_folder = sys.path[0]

    from pycell_runner import jail_check, limits, linux
    from pycell_runner.frames import PROTOCOL_VERSION, FrameError, FrameType, encode
    from pycell_runner.host import SocketHost
    from pycell_runner.request import RequestError, parse_request
    from pycell_runner.supervisor import Supervisor

    # Scripts see the standard library and the packages, not the runner.
    sys.path.remove(own_folder)
    sys.path.append(arguments.packages or _site_packages())
    os.environ.clear()
    linux.forbid_tracing()
    linux.use_one_malloc_arena()
    # One thread for BLAS: more would spend the run's threads, and there are few cores for many runs.
    linux.set_c_environment("OPENBLAS_NUM_THREADS", "1")
    if arguments.isolated:
        faults = jail_check.find_jail_faults()
        if faults:
            print(f"this is no jail: {'; '.join(faults)}", file=sys.stderr)
            return 1
    else:
        linux.adopt_orphans()
        # Temporary files land in the run's own folder, which goes with it; in the jail /tmp is that.
        os.environ["TMPDIR"] = os.getcwd()

    host = SocketHost(arguments.connection)
    hello = {"protocol": PROTOCOL_VERSION, "python": sys.version.split()[0]}
    host.send(encode(FrameType.HELLO, 0, dumps(hello).encode()))
    try:
        frame = host.receive()
        if frame is None:
            return 1
        if frame.type is not FrameType.RUN:
            raise FrameError(f"expected RUN, got {frame.type.name}")
        request = parse_request(frame.payload)
    except (FrameError, RequestError) as error:
        print(error, file=sys.stderr)  # the service logs what a runner last said
        return 1
    limits.grow_stack()
    Supervisor(host, arguments.isolated).serve(frame.run, request, limits.address_space_bytes())
    return 0


if __name__ == "__main__":
    # Nothing is left to tidy up: the interpreter's own farewell would only delay the answer.
    os._exit(main())
