"""Executes the script and makes its outcome. Called by the run, in whose interpreter the script is executed.

A script may replace or break anything it can name. So what is needed after it is taken at import, and
`_regain_control` repairs what can be repaired before the outcome is made. The runner's modules have built-in names of
their own besides. A zygote calls it with samples, before its first fork.
"""

from __future__ import annotations

import builtins
import errno
import gc
import linecache
import signal
import sys
import types
from _signal import pthread_sigmask as _set_signal_mask  # type: ignore[import-not-found]  # without the Python around it in `signal`
from dataclasses import replace
from typing import Any, Final, Sequence

from .. import own_builtins
from ..hints import exceptions, missing_main, syntax
from ..hints.hint import Scene
from ..kernel import rlimits
from ..protocol.contract import MAIN_MISSING_MESSAGE
from ..protocol.outcome import Outcome, outcome_of_result
from ..protocol.request import RunLimits, RunRequest
from ..result import failure, json_text
from ..result.conversion import Converter
from ..result.failure import SCRIPT_MODULE, SCRIPT_NAME, Failure
from ..result.not_serializable import NotSerializable, type_name
from ..result.source_text import source_lines

_RECURSION_LIMIT: Final = sys.getrecursionlimit()
_ALL_SIGNALS: Final = frozenset(signal.valid_signals())
_BLOCK: Final = signal.SIG_BLOCK

_ENOMEM: Final = errno.ENOMEM
_callable = callable
_hasattr = hasattr
_type = type
_exec = exec
_restore_builtins = own_builtins.restore
_exc_info = sys.exc_info
_set_recursion_limit = sys.setrecursionlimit
_collect_no_garbage = gc.disable
_set_trace = sys.settrace
_get_frame = sys._getframe
_set_profile = sys.setprofile


def execute(request: RunRequest) -> Outcome:
    """Compile and run the script; return its outcome."""
    lines = source_lines(request.script)
    try:
        code = compile(request.script, SCRIPT_NAME, "exec", dont_inherit=True)
    except SyntaxError as error:
        described = failure.describe_syntax_error(error, request.script, lines)
        scene = Scene(lines, request.limits, described.line)
        return _failed(replace(described, hint=syntax.hint_for(error, scene)))
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        return _failed(failure.describe_compiler_limit(error))
    if request.mode == "compile":
        return outcome_of_result(b"null")
    try:
        value = _call_main(code, Scene(lines, request.limits))
    except:  # noqa: E722 - not even the name BaseException is certain to be there still
        _regain_control()
        _restore_builtins()
        error_or_none = _exc_info()[1]
        assert error_or_none is not None
        return _failed(_failure_of(error_or_none, Scene(lines, request.limits)))
    _regain_control()
    if isinstance(value, Failure):
        return _failed(value)
    return _result(value, request.limits)


def _failed(failure_of_run: Failure) -> Outcome:
    return failure_of_run.to_outcome()


def _call_main(code: types.CodeType, scene: Scene) -> Any:
    """Execute the module body, then call its `main`; an awaitable is awaited."""
    module = types.ModuleType(SCRIPT_MODULE)
    module.__file__ = SCRIPT_NAME
    namespace = module.__dict__
    namespace["__builtins__"] = builtins
    # `__main__` too, where unittest and doctest look for the program's tests; its `__name__` stays `script`.
    sys.modules[SCRIPT_MODULE] = sys.modules["__main__"] = module
    sys.argv = [SCRIPT_NAME]
    text = [f"{line}\n" for line in scene.lines]
    linecache.cache[SCRIPT_NAME] = (sum(map(len, text)), None, text, SCRIPT_NAME)
    _set_recursion_limit(_RECURSION_LIMIT + _frames_below())
    _exec(code, namespace)
    main = namespace.get("main")
    if not _callable(main):
        return Failure("MAIN_MISSING", MAIN_MISSING_MESSAGE, hint=missing_main.hint_for(namespace, scene))
    value = main()
    if _hasattr(_type(value), "__await__"):
        import asyncio  # 30 ms that only an `async def main` should pay

        return asyncio.run(_await(value))
    return value


def _frames_below() -> int:
    """Return how many frames are ours: the script may recurse as deeply as it could without them.

    The caller's stands for the frame that a program's module has. Up to 3.11 a call from C below us counts as well.
    """
    count, frame = -1 if sys.version_info >= (3, 12) else 0, _get_frame().f_back
    while frame is not None:
        count, frame = count + 1, frame.f_back
    return count


async def _await(value: Any) -> Any:
    return await value


def _regain_control() -> None:
    """Unset what the script may have set to run within our code.

    No signal handler, no trace function and no lowered recursion limit may interfere with the outcome.
    """
    for unset in (_set_trace, _set_profile):
        try:
            unset(None)
        except:  # noqa: E722 - an audit hook of the script refuses it, and audit hooks cannot be removed
            continue
    _set_recursion_limit(_RECURSION_LIMIT)
    _set_signal_mask(_BLOCK, _ALL_SIGNALS)
    _collect_no_garbage()  # half of the time that a large result takes, for memory that is freed with the process


def _failure_of(error: BaseException, scene: Scene) -> Failure:
    if isinstance(error, MemoryError) or isinstance(error, OSError) and error.errno == _ENOMEM:  # mmap has the latter
        rlimits.release_report_reserve()
        return failure.describe(error, scene.lines, "MEMORY_LIMIT")
    if isinstance(error, SystemExit):
        return _exited(error, scene.lines)
    described = failure.describe(error, scene.lines)
    return replace(described, hint=exceptions.hint_for(error, replace(scene, line=described.line)))


def _exited(error: SystemExit, lines: Sequence[str]) -> Failure:
    described = failure.describe(error, lines, "SCRIPT_EXITED")
    where = f" (line {described.line})" if described.line is not None else ""
    try:
        status = "" if error.code is None else failure.shortened(f"{error.code!r}", 1000)
    except BaseException:  # the status is an object of the script, and its __repr__ raised
        status = type_name(error.code)
    message = f"Script called sys.exit({status}) instead of returning from main(){where}"
    return Failure("SCRIPT_EXITED", message, described.line, described.column)


def _result(value: Any, limits: RunLimits) -> Outcome:
    """Convert the return value, within its limits of depth and size."""
    try:
        text = json_text.encode_json(Converter(limits.result_depth).plain(value))
    except NotSerializable as error:
        return _failed(_not_serializable(str(error), error.hint))
    except MemoryError as error:
        return _failed(_failure_of(error, Scene([], limits)))
    except BaseException as error:  # SystemExit and its like, raised by a method of the script's own type
        return _failed(_not_serializable(f"{type_name(value)} raised {type_name(error)} while it was read"))
    if len(text) > limits.result_bytes:
        return _failed(Failure("RESULT_TOO_LARGE", f"it has {len(text)}"))
    return outcome_of_result(text)


def _not_serializable(problem: str, hint: str | None = None) -> Failure:
    # Bounded, because the path holds keys of the script's choice.
    return Failure("RESULT_NOT_SERIALIZABLE", failure.shortened(f"Return value cannot become JSON: {problem}", 4_000), hint=hint)
