"""A reading child that dies as the name of the file says; otherwise it is the real one."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

from asepsis.evidence import child

DEEDS = {
    "kill-me": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "raise-me": lambda: (_ for _ in ()).throw(ZeroDivisionError),
    "fill-me": lambda: bytearray(1 << 42),
}


def serve(request: bytes, send: Callable[[bytes], None], receive: Callable[[], bytes]) -> None:
    real = child._look_at

    def look_at(index: int, file: child.FileOrder, *rest: object) -> list[child.Looked]:
        for name, deed in DEEDS.items():
            if file.where.path.endswith(name):
                deed()
        if file.where.path.endswith("lie-to-me"):
            send(b'{"index": "nonsense"')
        return real(index, file, *rest)  # type: ignore[arg-type]

    child._look_at = look_at  # type: ignore[assignment]
    child.serve(request, send, receive)
