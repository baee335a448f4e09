"""`pycell run`: runs a script, shows what it prints as it comes, and writes what it leaves."""

from __future__ import annotations

import argparse
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from typing import Any

from .._json_text import json_text
from .._sync import Client
from ..errors import PycellError
from ..events import ArtifactEvent, ErrorEvent, Event, OutputEvent, ResultEvent, StartEvent
from ..types import Artifact
from .arguments import UsageProblem, read_script, run_options
from .artifact_folder import ArtifactFolder, NotWritten
from .exit_codes import ExitCode, exit_code_of
from .reports import described_error, described_report, show_error
from .terminal import Output


class Artifacts:
    """Writes artifacts, where the user wants them, and keeps what became of each."""

    def __init__(self, path: Path | None) -> None:
        """Look at the folder, which is not made before a script runs. Raises UsageProblem."""
        self._path = path
        self._folder: ArtifactFolder | None = None
        self.told: list[dict[str, Any]] = []
        self.problems: list[str] = []
        if path is not None and path.exists():
            self.begin()

    def begin(self) -> None:
        """Make the folder. Raises UsageProblem."""
        if self._path is None or self._folder is not None:
            return
        try:
            self._folder = ArtifactFolder(self._path)
        except OSError as error:
            raise UsageProblem(f"Cannot write into {self._path}: {error.strerror}") from None

    def close(self) -> None:
        """Let go of the folder."""
        if self._folder is not None:
            self._folder.close()

    def take(self, artifact: Artifact) -> None:
        """Write one, or keep it where none are written."""
        told: dict[str, Any] = {
            "name": artifact.name,
            "mediaType": artifact.media_type,
            "sizeBytes": artifact.size_bytes,
        }
        if self._folder is None:
            told["base64"] = artifact.base64
        else:
            try:
                self._folder.write(artifact)
                told["written"] = True
            except NotWritten as problem:
                told["written"] = False
                self.problems.append(str(problem))
        self.told.append(told)

    def show(self, err: Output) -> None:
        """Say what was not written."""
        for problem in self.problems:
            err.line(f"pycell: {problem}")

    def exit_code(self, ended: ExitCode) -> ExitCode:
        """Return how the command ends: what was not written shows only where nothing worse happened."""
        return ExitCode.NOT_WRITTEN if ended is ExitCode.SUCCESS and self.problems else ended


def run(arguments: argparse.Namespace, out: Output, err: Output) -> ExitCode:
    """Run the command. Raises UsageProblem and PycellError."""
    script, options = read_script(arguments), run_options(arguments)
    with ExitStack() as stack:
        client = stack.enter_context(Client(arguments.url, parse_float=Decimal))
        artifacts = Artifacts(arguments.output)
        stack.callback(artifacts.close)
        if arguments.json:
            return _in_one_piece(client, script, options, artifacts, out, err)
        return _as_it_comes(client, script, options, artifacts, out, err)


def _as_it_comes(
    client: Client, script: str, options: dict[str, Any], artifacts: Artifacts, out: Output, err: Output
) -> ExitCode:
    ended = ExitCode.SUCCESS
    try:
        # Leaving the block early ends the run.
        with client.stream(script, **options) as events:
            for event in events:
                match event:
                    case StartEvent():
                        artifacts.begin()
                    case OutputEvent():
                        (out if event.type == "stdout" else err).write(event.text)
                    case ArtifactEvent():
                        artifacts.take(event)
                    case ResultEvent():
                        if event.result is not None:
                            out.line(json_text(event.result))
                    case ErrorEvent():
                        error = event.exception()
                        show_error(error, err)
                        ended = exit_code_of(error)
                    case _:
                        pass
    finally:
        # Also where the stream is cut, or Ctrl-C has ended it.
        artifacts.show(err)
    not_wanted = [artifact["name"] for artifact in artifacts.told if "written" not in artifact]
    if not_wanted:
        err.line(f"pycell: the script has left {', '.join(map(repr, not_wanted))}: --output DIR writes such files")
    return artifacts.exit_code(ended)


def _in_one_piece(
    client: Client, script: str, options: dict[str, Any], artifacts: Artifacts, out: Output, err: Output
) -> ExitCode:
    gathered = _Gathered(artifacts)
    try:
        try:
            # As a stream, whose signs of life tell a long run from a service that is away.
            with client.stream(script, **options) as events:
                for event in events:
                    gathered.take(event)
        except PycellError as error:
            gathered.fail(error)
    finally:
        artifacts.show(err)
    ended = artifacts.exit_code(gathered.ended)
    out.line(json_text({**gathered.described(), "exitCode": int(ended)}))
    return ended


class _Gathered:
    """All that a stream tells, as one answer would have told it."""

    def __init__(self, artifacts: Artifacts) -> None:
        self.ended = ExitCode.SUCCESS
        self._artifacts = artifacts
        self._has_begun = False
        self._outcome: dict[str, Any] = {}
        self._report: dict[str, Any] = {}
        self._printed: dict[str, list[str]] = {"stdout": [], "stderr": []}

    def take(self, event: Event) -> None:
        match event:
            case StartEvent():
                self._has_begun = True
                self._artifacts.begin()
            case OutputEvent():
                self._printed[event.type].append(event.text)
            case ArtifactEvent():
                self._artifacts.take(event)
            case ResultEvent():
                self._outcome = {"result": event.result}
                self._report = described_report(event.execution)
            case ErrorEvent():
                self.fail(event.exception())
            case _:
                pass

    def fail(self, error: PycellError) -> None:
        self.ended = exit_code_of(error)
        self._outcome = described_error(error)
        self._report = described_report(error.problem.execution if error.problem else None)

    def described(self) -> dict[str, Any]:
        printed = {name: "".join(texts) for name, texts in self._printed.items()} if self._has_begun else {}
        return {**self._outcome, **printed, "artifacts": self._artifacts.told, **self._report}
