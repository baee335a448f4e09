"""An HTTP server on a port of loopback that answers as it is told, and remembers what was sent to it."""

from __future__ import annotations

import json
import select
import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from types import TracebackType
from typing import Any


@dataclass(frozen=True)
class Received:
    """A request. Names of headers are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    """What is said to one request. With `pieces` in chunks, and where it `is_cut`, without the end."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    pieces: tuple[bytes, ...] | None = None
    is_cut: bool = False
    #: Before each piece, seconds.
    pause_s: float = 0
    #: Set by a test: what follows the pieces waits for it.
    go_on: threading.Event | None = None
    #: Set by a test: nothing is said behind the pieces until then, or until the client has left.
    silence: threading.Event | None = None
    #: Set by a test: the whole answer waits for it.
    begin: threading.Event | None = None


#: The connection ends without an answer.
DROP = Answer(status=0)


def as_json(body: object, status: int = 200, **headers: str) -> Answer:
    """An answer of the service; `retry_after="1"` is the header Retry-After."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, json.dumps(body).encode(), {"Content-Type": "application/json", **named})


def as_lines(
    *events: object, is_cut: bool = False, go_on: threading.Event | None = None, silence: threading.Event | None = None
) -> Answer:
    """A stream of NDJSON, a chunk for each line."""
    pieces = tuple(json.dumps(event).encode() + b"\n" for event in events)
    headers = {"Content-Type": "application/x-ndjson"}
    return Answer(headers=headers, pieces=pieces, is_cut=is_cut, go_on=go_on, silence=silence)


def as_frames(*frames: str, is_cut: bool = False) -> Answer:
    """A stream of server-sent events."""
    pieces = tuple(frame.encode() for frame in frames)
    return Answer(headers={"Content-Type": "text/event-stream"}, pieces=pieces, is_cut=is_cut)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def server_bind(self) -> None:
        """As HTTPServer does it, but for asking name servers what this machine is called, which takes seconds without them."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: clients of these tests go away as they like."""


class ScriptedServer:
    """Gives one answer after the other; 500 where there is none left."""

    def __init__(self, *answers: Answer) -> None:
        self.requests: list[Received] = []
        #: Set when the first request has come.
        self.was_asked = threading.Event()
        #: Set when a connection ended while an answer was being sent.
        self.was_left = threading.Event()
        self._answers = list(answers)
        self._lock = threading.Lock()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _handle(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                received = Received(
                    self.command,
                    self.path,
                    {name.lower(): value for name, value in self.headers.items()},
                    self.rfile.read(length),
                )
                server._give(self, received)

            do_GET = do_POST = do_DELETE = _handle

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._http = _Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def will_answer(self, *answers: Answer) -> None:
        with self._lock:
            self._answers.extend(answers)

    def _give(self, handler: BaseHTTPRequestHandler, received: Received) -> None:
        with self._lock:
            self.requests.append(received)
            answer = self._answers.pop(0) if self._answers else Answer(500, b"no answer is left")
        self.was_asked.set()
        if answer.begin is not None:
            answer.begin.wait()
        if answer is DROP:
            handler.close_connection = True
            return
        handler.send_response(answer.status)
        for name, value in answer.headers.items():
            handler.send_header(name, value)
        if answer.pieces is None:
            handler.send_header("Content-Length", str(len(answer.body)))
            handler.end_headers()
            handler.wfile.write(answer.body)
            return
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        try:
            self._send_pieces(handler, answer)
        except OSError:
            self.was_left.set()

    def _send_pieces(self, handler: BaseHTTPRequestHandler, answer: Answer) -> None:
        for piece in answer.pieces or ():
            time.sleep(answer.pause_s)
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            handler.wfile.flush()
        if answer.go_on is not None:
            while not answer.go_on.wait(0.02):
                # A comment to both kinds of streams would be told apart; a line end is none to either.
                handler.wfile.write(b"1\r\n\n\r\n")
                handler.wfile.flush()
        while answer.silence is not None and not answer.silence.wait(0.02):
            if select.select([handler.connection], [], [], 0)[0] and not handler.connection.recv(1, socket.MSG_PEEK):
                raise ConnectionError("the client has left")
        if answer.is_cut:
            handler.close_connection = True
        else:
            handler.wfile.write(b"0\r\n\r\n")

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def __enter__(self) -> ScriptedServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


EXECUTION: dict[str, Any] = {
    "id": "7fe20ca2-d3e1-4cd2-aeed-74282d54b2fd",
    "isolation": "nsjail",
    "durationMs": 3.5,
    "cpuMs": 1.9,
    "peakMemoryBytes": 548864,
    "limits": {"timeoutMs": 10000, "memoryMb": 512},
    "timings": {"queueMs": 0.1, "policyMs": 0.4, "startMs": 0.6, "runMs": 1.8, "resultMs": 0.6},
}


def executed(result: object = 42, **members: object) -> dict[str, Any]:
    """The body of a 200."""
    return {"result": result, "stdout": "", "stderr": "", "artifacts": [], "execution": EXECUTION, **members}


def problem(code: str, error: str = "It did not work", **members: object) -> dict[str, Any]:
    """The body of an error."""
    return {"error": error, "code": code, "requestId": "request-1", **members}


def artifact(name: str, content: str = "aGk=") -> dict[str, Any]:
    """`hi` by default."""
    return {"name": name, "mediaType": "text/plain", "sizeBytes": 2, "base64": content}


def frame(number: int, kind: str, body: object) -> str:
    """A server-sent event of an execution in the background."""
    return f"id: {number}\nevent: {kind}\ndata: {json.dumps(body)}\n\n"


def asynchronous(status: str, **members: object) -> dict[str, Any]:
    """What has become of an execution in the background."""
    return {"id": "5f" * 16, "status": status, "createdAt": "2026-03-14T09:26:53.589Z", **members}
