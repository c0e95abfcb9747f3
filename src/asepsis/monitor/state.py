"""What is remembered over a restart: which alarms were told, which are still on their way, and what was learned of who usually speaks when.

One small file, replaced whole, so that it is never half written, and for its owner alone: it says who is on the network. It holds no secret and
nothing of a patient. A file that is something else is put aside, told, and begun anew.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Literal

import msgspec

from asepsis.guard.limits import MIB
from asepsis.monitor.alarm import Alarm
from asepsis.monitor.deliver import MOST_WAITING

MOST_TOLD = 10_000
"""Ids that are remembered; the oldest are forgotten first."""
MOST_BYTES = 32 * MIB
ASIDE = ".not-read"


class CannotRemember(Exception):
    """The state file cannot be read or written; the message says why."""


class Remembered(msgspec.Struct):
    """The file. ``last`` is how far the capture was, ``waiting`` by place, ``learned`` the observers' own words."""

    format: Literal["asepsis-watch-1"]
    last: int = 0
    told: list[str] = []
    waiting: dict[str, list[Alarm]] = {}
    learned: str = ""


class State:
    """The alarms that were told. Without a path nothing is kept over the end of the process. ``problem`` says why an older file was not taken."""

    def __init__(self, path: Path | None) -> None:
        """Raises ``CannotRemember`` if nothing can be kept at ``path``."""
        self._path, self.problem = path, ""
        before = self._read(path) if path is not None else _NOTHING
        self._told = dict.fromkeys(before.told[-MOST_TOLD:])
        self.last, self.learned = before.last, before.learned
        self.waiting = {name: tuple(alarms[-MOST_WAITING:]) for name, alarms in before.waiting.items()}
        """By place: alarms that are still on their way there."""
        self.keep()

    def _read(self, path: Path) -> Remembered:
        try:
            if path.exists() and not path.is_file():
                raise CannotRemember(f"{path} is no file")
            with path.open("rb") as file:
                content = file.read(MOST_BYTES + 1)
            if len(content) > MOST_BYTES:
                raise msgspec.ValidationError(f"it has more than {MOST_BYTES} bytes")
            return msgspec.json.decode(content, type=Remembered)
        except FileNotFoundError:
            return _NOTHING
        except OSError as error:
            raise CannotRemember(f"cannot read {path}: {error.strerror}") from error
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            self.problem = f"{path} is no state file of asepsis watch ({error}): begun anew, the old one is kept as {path.name}{ASIDE}"
        try:
            path.replace(path.with_name(path.name + ASIDE))
        except OSError as error:
            raise CannotRemember(f"cannot put {path} aside: {error.strerror}") from error
        return _NOTHING

    def knows(self, name: str) -> bool:
        """Whether the alarm with this id was told."""
        return name in self._told

    def told(self, name: str, last: int) -> None:
        """It was told now. Written after the telling: a crash between the two tells it once more, with the same id, rather than never."""
        self._told[name] = None
        while len(self._told) > MOST_TOLD:
            del self._told[next(iter(self._told))]
        self.last = last
        self.keep()

    def keep(self) -> None:
        """Remember how things are now. Raises ``CannotRemember``."""
        if self._path is not None:
            waiting = {name: list(alarms) for name, alarms in self.waiting.items() if alarms}
            self._write(self._path, msgspec.json.encode(Remembered("asepsis-watch-1", self.last, list(self._told), waiting, self.learned)))

    def _write(self, path: Path, content: bytes) -> None:
        beside = path.with_name(f"{path.name}.new")
        try:
            beside.unlink(missing_ok=True)
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        except OSError as error:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            raise CannotRemember(f"cannot write {path}: {error.strerror}") from error


_NOTHING = Remembered("asepsis-watch-1")
