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
from ..validation.validate import validate
from . import programs
from .component_warnings import hide_warnings_of_modules
from .inputs import InvalidInputs, arguments_for, globals_for, needs_no_binding, parse_inputs

_RECURSION_LIMIT: Final = sys.getrecursionlimit()
_ALL_SIGNALS: Final = frozenset(signal.valid_signals())
_BLOCK: Final = signal.SIG_BLOCK

_ENOMEM: Final = errno.ENOMEM
#: Lists of lines, arrays of axes, and arrays within the tuple that hist() returns.
_NESTED_DRAWINGS: Final = 3
_callable = callable
_hasattr = hasattr
_type = type
_exec = exec
_eval = eval
_compile = compile
_arguments_for = arguments_for
_needs_no_binding = needs_no_binding
_parse_inputs = parse_inputs
_globals_for = globals_for
_InvalidInputs = InvalidInputs
_hide_warnings_of_modules = hide_warnings_of_modules
_restore_builtins = own_builtins.restore
_exc_info = sys.exc_info
_set_recursion_limit = sys.setrecursionlimit
_collect_no_garbage = gc.disable
_set_trace = sys.settrace
_get_frame = sys._getframe
_set_profile = sys.setprofile


def execute(request: RunRequest) -> Outcome:
    """Compile and run the script; return its outcome."""
    if request.mode == "validate":
        return outcome_of_result(validate(request.script, "function"))
    lines = source_lines(request.script)
    mode = request.mode
    is_program = mode == "script" or mode == "program"
    if is_program:
        _show_source(lines)
    elif mode == "component":
        _hide_warnings_of_modules()
    last: types.CodeType | None = None
    try:
        if mode == "script":
            code, last = programs.split(request.script)
        else:
            code = _compile(request.script, SCRIPT_NAME, "exec", dont_inherit=True)
    except SyntaxError as error:
        described = failure.describe_syntax_error(error, request.script, lines)
        scene = Scene(lines, request.limits, described.line)
        return _failed(replace(described, hint=syntax.hint_for(error, scene)))
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        return _failed(failure.describe_compiler_limit(error))
    if mode == "compile":
        return outcome_of_result(b"null")
    try:
        scene = Scene(lines, request.limits)
        value = _run_program(code, last, request.inputs) if is_program else _call_main(code, scene, request)
        # Within the `try`, and with no call of ours before it: where a handler of the script rings now, that is an error of the script.
        _set_signal_mask(_BLOCK, _ALL_SIGNALS)
    except:  # noqa: E722 - not even the name BaseException is certain to be there still
        while True:
            try:
                _set_signal_mask(_BLOCK, _ALL_SIGNALS)
                break
            except:  # noqa: E722 - a timer of the script that rings again and again
                continue
        _regain_control()
        _restore_builtins()
        error_or_none = _exc_info()[1]
        assert error_or_none is not None
        return _outcome_of_error(error_or_none, Scene(lines, request.limits), is_program)
    _regain_control()
    if isinstance(value, Failure):
        return _failed(value)
    return _result(value, request.limits)


def _failed(failure_of_run: Failure) -> Outcome:
    return failure_of_run.to_outcome()


def _call_main(code: types.CodeType, scene: Scene, request: RunRequest) -> Any:
    """Execute the module body, then call its `main` with the inputs; an awaitable is awaited."""
    text = request.inputs
    # Behind the compiler, unlike that of a program: in front of it this makes the run write to some more pages.
    _show_source(scene.lines)
    namespace = _enter_module(SCRIPT_MODULE)
    # `__main__` too, where unittest and doctest look for the program's tests; its `__name__` stays `script`.
    sys.modules[SCRIPT_MODULE] = sys.modules["__main__"]
    _exec(code, namespace)
    main = namespace.get("main")
    if not _callable(main):
        return Failure("MAIN_MISSING", MAIN_MISSING_MESSAGE, hint=missing_main.hint_for(namespace, scene))
    if text is None and _needs_no_binding(main):
        value = main()
    else:
        try:
            annotations = None if request.mode == "component" else namespace
            arguments = _arguments_for(main, None if text is None else _parse_inputs(text), text, annotations)
        except _InvalidInputs as error:
            return _invalid(error)
        value = main(**arguments)
    if _hasattr(_type(value), "__await__"):
        import asyncio  # 30 ms that only an `async def main` should pay

        return asyncio.run(_await(value))
    return value


def _run_program(code: types.CodeType, last: types.CodeType | None, text: bytes | None) -> Any:
    """Execute the script as a program, with the inputs as global names; return the value of `last`, its last expression."""
    namespace = _enter_module("__main__")
    if text is not None:
        try:
            namespace.update(_globals_for(_parse_inputs(text)))
        except _InvalidInputs as error:
            return _invalid(error)
    _exec(code, namespace)
    if last is None:
        return None
    value = _eval(last, namespace)
    return None if _is_drawing(value) else value


def _invalid(error: InvalidInputs) -> Failure:
    return Failure("INVALID_INPUTS", error.message, hint=error.hint)


def _show_source(lines: Sequence[str]) -> None:
    """Have Python find the lines of the script, which has no file, for tracebacks and for warnings, also the compiler's."""
    text = [f"{line}\n" for line in lines]
    linecache.cache[SCRIPT_NAME] = (sum(map(len, text)), None, text, SCRIPT_NAME)


def _enter_module(name: str) -> dict[str, Any]:
    """Make the script's module, as the program's own; return its namespace."""
    module = types.ModuleType(name)
    module.__file__ = SCRIPT_NAME
    namespace = module.__dict__
    namespace["__builtins__"] = builtins
    sys.modules["__main__"] = module
    sys.argv = [SCRIPT_NAME]
    # This frame is not there when the script runs.
    _set_recursion_limit(_RECURSION_LIMIT + _frames_below() - 1)
    return namespace


def _is_drawing(value: Any) -> bool:
    """Whether a last expression is only there for what it draws: plt.plot() returns lines, df.plot() axes.

    A notebook shows the figure, and nobody wants the rest.
    """
    numpy: Any = sys.modules.get("numpy")
    for _ in range(_NESTED_DRAWINGS):
        # One of several tells: subplots are an array, hist() gives a tuple of arrays and bars, boxplot() a dict of lists.
        if _type(value) in (list, tuple) and value:
            value = value[-1]
        elif _type(value) is dict and value:
            value = next(iter(value.values()))
        elif numpy is not None and _type(value) is numpy.ndarray and value.size:
            value = value.flat[-1]
    return f"{_type(value).__module__}.".startswith(("matplotlib.", "mpl_toolkits."))


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

    No trace function and no lowered recursion limit may interfere with the outcome; signals are blocked before.
    """
    for unset in (_set_trace, _set_profile):
        try:
            unset(None)
        except:  # noqa: E722 - an audit hook of the script refuses it, and audit hooks cannot be removed
            continue
    _set_recursion_limit(_RECURSION_LIMIT)
    _collect_no_garbage()  # half of the time that a large result takes, for memory that is freed with the process


def _outcome_of_error(error: BaseException, scene: Scene, is_program: bool) -> Outcome:
    if isinstance(error, SystemExit):
        if is_program:
            if error.code is None or isinstance(error.code, int) and error.code == 0:
                return outcome_of_result(b"null")
            _tell_of_exit(error)
        return _failed(_exited(error, scene.lines, is_program))
    return _failed(_failure_of(error, scene))


def _failure_of(error: BaseException, scene: Scene) -> Failure:
    if isinstance(error, MemoryError) or isinstance(error, OSError) and error.errno == _ENOMEM:  # mmap has the latter
        rlimits.release_report_reserve()
        return failure.describe(error, scene.lines, "MEMORY_LIMIT")
    described = failure.describe(error, scene.lines)
    return replace(described, hint=exceptions.hint_for(error, replace(scene, line=described.line)))


def _exit_code(error: SystemExit) -> int:
    """Return the exit status that Python would end with."""
    if error.code is None:
        return 0
    # What else it may be Python writes to stderr.
    return error.code & 0xFF if isinstance(error.code, int) else 1


def _tell_of_exit(error: SystemExit) -> None:
    """Write what a program was ended with to stderr, where it is no number."""
    if not isinstance(error.code, int):
        try:
            print(error.code, file=sys.stderr)
        except BaseException:  # noqa: B036 - an object of the script, or its stream
            return


def _exited(error: SystemExit, lines: Sequence[str], is_program: bool) -> Failure:
    described = failure.describe(error, lines, "SCRIPT_EXITED")
    where = f" (line {described.line})" if described.line is not None else ""
    try:
        status = "" if error.code is None else failure.shortened(f"{error.code!r}", 1000)
    except BaseException:  # the status is an object of the script, and its __repr__ raised
        status = type_name(error.code)
    instead = "" if is_program else " instead of returning from main()"
    message = f"Script called sys.exit({status}){instead}{where}"
    return Failure("SCRIPT_EXITED", message, described.line, described.column, exit_code=_exit_code(error))


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
