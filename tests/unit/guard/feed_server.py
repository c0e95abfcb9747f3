"""A server on this machine that does what it is told: answers, fails, stalls, breaks off, lies."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[[BaseHTTPRequestHandler], None]


class Server:
    """``answers`` are taken in turn for a path, the last one again and again; ``asked`` are the requests: path and headers."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.answers: dict[str, list[Answer]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer.asked.append((self.path, dict(self.headers)))
                turns = outer.answers.get(self.path.partition("?")[0], [status(404)])
                (turns.pop(0) if len(turns) > 1 else turns[0])(self)
                self.close_connection = True

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        if context:
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[Server]:
    server = Server(context)
    thread = threading.Thread(target=server.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.server.shutdown()
        thread.join()
        server.server.server_close()


def send(handler: BaseHTTPRequestHandler, code: int, body: bytes = b"", length: int | None = None, **headers: str) -> None:
    handler.send_response(code)
    for name, text in {"Content-Length": str(len(body) if length is None else length), **headers}.items():
        handler.send_header(name.replace("_", "-"), text)
    handler.end_headers()
    try:
        handler.wfile.write(body)
        handler.wfile.flush()
    except OSError:  # the client had enough
        pass


def status(code: int, **headers: str) -> Answer:
    return lambda handler: send(handler, code, b"<html>no</html>", **headers)


def body(data: bytes, etag: str = '"1"', **headers: str) -> Answer:
    """A file that may be asked for in parts, and by ETag."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        asked = handler.headers.get("Range", "")
        if handler.headers.get("If-None-Match") == etag:
            send(handler, 304, ETag=etag)
        elif asked and handler.headers.get("If-Range") == etag:
            start = int(asked.removeprefix("bytes=").rstrip("-"))
            send(handler, 206, data[start:], ETag=etag, Content_Range=f"bytes {start}-{len(data) - 1}/{len(data)}", **headers)
        else:
            send(handler, 200, data, ETag=etag, **headers)

    return answer


def breaks_off(data: bytes, after: int, etag: str = '"1"') -> Answer:
    """Promises the whole file, and closes the connection in the middle."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        send(handler, 200, data[:after], len(data), ETag=etag)
        handler.connection.shutdown(socket.SHUT_RDWR)

    return answer


def stalls(seconds: float = 3) -> Answer:
    def answer(_handler: BaseHTTPRequestHandler) -> None:
        time.sleep(seconds)

    return answer
