"""Start the program that captures packets from an interface: tcpdump or dumpcap, whichever is installed. Nothing here captures by itself."""

from __future__ import annotations

import contextlib
import re
import shutil
import signal
import subprocess
import threading
from typing import BinaryIO

from asepsis.guard.tools import search_path

_INTERFACE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:@-]{0,63}", re.ASCII)
_DROPPED = re.compile(rb"(\d+) packets? dropped by kernel|dropped on interface '[^']*': \d+/(\d+)")
_MOST_SAID = 8192
_SECONDS = 5


class CannotCapture(Exception):
    """Nothing can be captured from there; the message says why."""


class Sniffer:
    """A capturing program at work. ``stream`` gives its capture; ``dropped`` and ``stop``, which ends it, say how much it could not keep."""

    def __init__(self, interface: str) -> None:
        """Raises ``CannotCapture`` if the name is none, or neither program is installed."""
        if not _INTERFACE.fullmatch(interface):
            raise CannotCapture(f"{interface!r} is neither a file nor the name of an interface")
        command = _command(interface)
        self._tells = command[0].endswith("tcpdump")
        """Whether it says how much it dropped when it is sent SIGUSR1 (tcpdump(1)); others end."""
        self._process = subprocess.Popen(  # noqa: S603 - a program of the table, the interface's name is checked
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
        )
        assert self._process.stdout is not None  # noqa: S101 - for the type checker: we asked for the pipes
        assert self._process.stderr is not None  # noqa: S101
        self.stream: BinaryIO = self._process.stdout  # type: ignore[assignment]
        self._errors: BinaryIO = self._process.stderr  # type: ignore[assignment]
        self._said = b""
        self._reader = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()

    def _listen(self) -> None:
        """Keep the last words: a program whose pipe is full would stand still."""
        while piece := self._errors.read1(_MOST_SAID):  # type: ignore[attr-defined]
            self._said = (self._said + piece)[-_MOST_SAID:]

    def dropped(self) -> int:
        """How many packets it could not keep so far, as it said when it was asked last; it is asked again now, and answers in its own time."""
        if self._tells and self._process.poll() is None:
            self._process.send_signal(signal.SIGUSR1)
        return self._dropped()

    def _dropped(self) -> int:
        """Each number is of all packets since the beginning: the last one counts."""
        return max((int(one or other) for one, other in _DROPPED.findall(self._said)), default=0)

    def stop(self) -> int:
        """End it; how many packets it could not keep. Raises ``CannotCapture`` with its own last line if it failed."""
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
        try:
            code = self._process.wait(_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        self._reader.join(_SECONDS)
        self.stream.close()
        self._errors.close()
        if code > 0:
            last = self._said.decode("utf-8", "replace").strip().splitlines()[-1:] or ["it said nothing"]
            raise CannotCapture(f"the capturing program failed: {last[0][:300]}")
        return self._dropped()


def _command(interface: str) -> list[str]:
    where = search_path()
    if tcpdump := shutil.which("tcpdump", path=where):
        return [tcpdump, "-i", interface, "-n", "-U", "-s", "0", "-w", "-"]
    if dumpcap := shutil.which("dumpcap", path=where):
        return [dumpcap, "-i", interface, "-q", "-w", "-"]
    raise CannotCapture(
        "neither tcpdump nor dumpcap is installed (Debian packages tcpdump, wireshark-common); or pipe a capture into: asepsis watch -"
    )
