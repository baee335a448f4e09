import { type ContainmentTheme, hostile } from './containment-case';

/**
 * Texts out of a value, however deep; and the absolute paths in them that lie outside of what the jail has. `/bin/sh` and
 * its like are constants of the standard library, the same on every host.
 */
const PATHS = String.raw`
import re

JAIL = ("/usr", "/lib", "/lib64", "/etc", "/dev", "/tmp", "/opt/pycell", "/nonexistent")
# Inside gVisor a run is root of its user namespace, whose home is /. Debian's Python has its architecture as a folder, and
# since 3.13 each one names a file after it, for tests on iOS.
CONSTANT = ("/.local", "/x86_64-linux-gnu", "/x86_64-linux-gnu.xcresult", "/bin", "/sbin", "/proc", "/sys", "/var/tmp", "/var/spool", "/run/systemd", "/Library", "/System", "/Applications")
PATH = re.compile(r"(?<![\w.~)\]>%}*?-])(?:-[IL])?((?:/+[\w.+@-]+)+)")

def texts(value, depth=0, seen=None):
    seen = set() if seen is None else seen
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, str):
        yield value
    elif depth < 4 and id(value) not in seen:
        seen.add(id(value))
        if isinstance(value, dict):
            for pair in list(value.items()):
                for part in pair:
                    yield from texts(part, depth + 1, seen)
        elif isinstance(value, (list, tuple, set, frozenset)):
            for part in list(value):
                yield from texts(part, depth + 1, seen)

def below(path, folders):
    path = re.sub("/+", "/", path)
    return any(path == folder or path.startswith(folder + "/") for folder in folders)

def foreign(value):
    return sorted({path for text in texts(value) for path in PATH.findall(text) if not below(path, JAIL + CONSTANT)})
`;

export const HOST_FACTS: ContainmentTheme = {
  theme: 'learns nothing of the host from what it is told',
  cases: [
    {
      name: 'no path of the host, and of whoever built the interpreter, in what Python says of itself',
      safe: true,
      script: `${PATHS}\n${hostile`
        import importlib.metadata, locale, mimetypes, platform, site, ssl, sysconfig, ctypes.util
        told = {
            "sys": {name: getattr(sys, name) for name in dir(sys) if name != "modules"},
            "sysconfig": [sysconfig.get_config_vars(), [sysconfig.get_paths(scheme) for scheme in sysconfig.get_scheme_names()]],
            "data": [vars(sys.modules[name]) for name in list(sys.modules) if name.startswith("_sysconfigdata")],
            "site": [vars(site), site.getsitepackages(), site.getusersitepackages()],
            "platform": [attempt(getattr(platform, name)) for name in ("uname", "platform", "libc_ver", "python_build", "python_compiler", "freedesktop_os_release")],
            "ssl": [ssl.get_default_verify_paths(), ssl.OPENSSL_VERSION],
            "locale": [locale.getlocale(), locale.localeconv(), os.environ, dict(os.environb)],
            "ctypes": [ctypes.util.find_library(name) for name in ("c", "python3", "ssl")],
            "distributions": [[d.metadata.get("Name"), d.read_text("direct_url.json"), d.read_text("RECORD"), d.read_text("INSTALLER")] for d in importlib.metadata.distributions()],
            "modules": {name: [getattr(module, key, None) for key in ("__file__", "__path__", "__cached__")] for name, module in list(sys.modules.items())},
        }
        return {name: foreign(value) for name, value in told.items() if foreign(value)}
      `}`,
      outcome: { returns: {} },
    },
    {
      name: 'no such path in the code of any module, and in no traceback',
      safe: true,
      script: `${PATHS}\n${hostile`
        import gc, types, traceback, json, email.parser, http.client, xml.dom.minidom, unittest, multiprocessing, sysconfig
        def codes(code):
            yield code
            for part in code.co_consts:
                if isinstance(part, types.CodeType):
                    yield from codes(part)
        functions = [thing for thing in gc.get_objects() if isinstance(thing, types.FunctionType)]
        for module in list(sys.modules.values()):
            functions += [thing for thing in vars(module).values() if isinstance(thing, types.FunctionType)]
        files = {code.co_filename for function in functions for code in codes(function.__code__)}
        try:
            json.loads("{")
        except ValueError:
            trace = traceback.format_exc()
        return [len(functions) > 1000, foreign(list(files)), sorted(f for f in files if not f.startswith(("/", "<")) and f != "script.py"), foreign(trace)]
      `}`,
      outcome: { returns: [true, [], [], []] },
    },
    {
      name: 'no account of the host, and no name of whoever runs the service',
      safe: true,
      script: hostile`
        import getpass, grp, pwd
        return [
            [entry.pw_name for entry in pwd.getpwall()], [entry.gr_name for entry in grp.getgrall()],
            os.path.expanduser("~") in ("~", "/tmp", "/"), isinstance(attempt(os.getlogin), str),
            attempt(getpass.getuser) in (["did", "'sandbox'"], ["did", "'root'"], "OSError", "KeyError"),
        ]
      `,
      outcome: { returns: [['root', 'sandbox'], ['root', 'sandbox'], true, true, true] },
    },
    {
      name: 'every mount ignores set-user-id files and, but for the three devices, devices; /dev/shm holds no program',
      safe: true,
      script: hostile`
        RDONLY, NOSUID, NODEV, NOEXEC = 1, 2, 4, 8
        wanted = {"/": RDONLY, "/tmp": NOSUID | NODEV, "/dev/shm": NOSUID | NODEV | NOEXEC}
        wanted |= {"/dev/" + name: RDONLY | NOSUID | NOEXEC for name in ("null", "urandom", "random")}
        return {path: flags & ~os.statvfs(path).f_flag for path, flags in wanted.items()}
      `,
      outcome: {
        returns: {
          '/': 0,
          '/tmp': 0,
          '/dev/shm': 0,
          '/dev/null': 0,
          '/dev/urandom': 0,
          '/dev/random': 0,
        },
      },
      // gVisor does not tell how a file system is mounted, and a run can write no file there.
      insideGvisor: { returns: expect.any(Object) },
    },
    {
      name: 'of kernel, processors, disk and clock it is told what docs/threat-model.md lists',
      safe: true,
      script: hostile`
        kernel, disk, own = os.uname(), os.statvfs("/"), os.statvfs("/tmp")
        return {
            "name": [kernel.sysname, kernel.nodename, socket.gethostname()],
            "release of the kernel": len(kernel.release) > 0,
            "size of the disk with the root": disk.f_blocks > 0,
            "size of /tmp, its own": own.f_blocks * own.f_frsize < 2 << 30,
            "processors": len(os.sched_getaffinity(0)) == os.cpu_count() > 0,
            "seconds since boot": time.clock_gettime(time.CLOCK_BOOTTIME) > 0,
            "its own usage": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > 0,
            "random": len(os.getrandom(8)) == len(os.urandom(8)) == 8,
        }
      `,
      outcome: {
        returns: {
          name: ['Linux', 'sandbox', 'sandbox'],
          'release of the kernel': true,
          'size of the disk with the root': true,
          'size of /tmp, its own': true,
          processors: true,
          'seconds since boot': true,
          'its own usage': true,
          random: true,
        },
      },
      insideGvisor: { returns: expect.any(Object) },
    },
  ],
};
