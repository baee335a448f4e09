"""`pycell run`: runs a script, shows what it prints as it comes, and writes what it leaves."""

from __future__ import annotations

import argparse
from contextlib import ExitStack
from decimal import Decimal
from typing import Any

from .._sync import Client
from ..errors import PycellError, ScriptError
from ..events import ArtifactEvent, ErrorEvent, OutputEvent, ResultEvent
from ..types import Artifact
from .arguments import UsageProblem, read_script, run_options
from .artifact_folder import ArtifactFolder, NotWritten
from .exit_codes import ExitCode, exit_code_of
from .json_text import json_text
from .reports import described_error, described_report, show_error
from .terminal import Output


class Artifacts:
    """Writes artifacts, where the user wants them, and keeps what became of each."""

    def __init__(self, folder: ArtifactFolder | None) -> None:
        self._folder = folder
        self.told: list[dict[str, Any]] = []
        self.problems: list[str] = []

    def take(self, artifact: Artifact) -> None:
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

    def exit_code(self, ended: ExitCode) -> ExitCode:
        """Return how the command ends: what was not written shows only where nothing worse happened."""
        return ExitCode.NOT_WRITTEN if ended is ExitCode.SUCCESS and self.problems else ended


def run(arguments: argparse.Namespace, out: Output, err: Output) -> ExitCode:
    """Run the command. Raises UsageProblem and PycellError."""
    script, options = read_script(arguments), run_options(arguments)
    with ExitStack() as stack:
        client = stack.enter_context(Client(arguments.url, parse_float=Decimal))
        folder = None
        if arguments.output is not None:
            try:
                folder = stack.enter_context(ArtifactFolder(arguments.output))
            except OSError as error:
                raise UsageProblem(f"Cannot write into {arguments.output}: {error.strerror}") from None
        artifacts = Artifacts(folder)
        if arguments.json:
            return _in_one_piece(client, script, options, artifacts, out, err)
        return _as_it_comes(client, script, options, artifacts, out, err)


def _as_it_comes(
    client: Client, script: str, options: dict[str, Any], artifacts: Artifacts, out: Output, err: Output
) -> ExitCode:
    ended = ExitCode.SUCCESS
    # Leaving the block early ends the run.
    with client.stream(script, **options) as events:
        for event in events:
            match event:
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
    for problem in artifacts.problems:
        err.line(f"pycell: {problem}")
    not_wanted = [artifact["name"] for artifact in artifacts.told if "written" not in artifact]
    if not_wanted:
        err.line(f"pycell: the script has left {', '.join(map(repr, not_wanted))}: --output DIR writes such files")
    return artifacts.exit_code(ended)


def _in_one_piece(
    client: Client, script: str, options: dict[str, Any], artifacts: Artifacts, out: Output, err: Output
) -> ExitCode:
    ended = ExitCode.SUCCESS
    told: dict[str, Any]
    try:
        response = client.execute(script, **options)
        told = {"result": response.result, "stdout": response.stdout, "stderr": response.stderr}
        report = described_report(response.execution)
        left = response.artifacts
    except PycellError as error:
        ended = exit_code_of(error)
        told = described_error(error)
        report = described_report(error.problem.execution if error.problem else None)
        left = error.artifacts if isinstance(error, ScriptError) else ()
    for artifact in left:
        artifacts.take(artifact)
    ended = artifacts.exit_code(ended)
    out.line(json_text({**told, "artifacts": artifacts.told, **report, "exitCode": int(ended)}))
    for problem in artifacts.problems:
        err.line(f"pycell: {problem}")
    return ended
