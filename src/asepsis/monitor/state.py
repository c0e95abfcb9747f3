"""What is remembered over a restart: which alarms were told, up to what time. One small file, replaced whole, so that it is never half written."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import msgspec

MOST_TOLD = 10_000
"""Ids that are remembered; the oldest are forgotten first."""


class CannotRemember(Exception):
    """The state file cannot be read or written; the message says why."""


class _Remembered(msgspec.Struct):
    last: int = 0
    told: list[str] = []


class State:
    """The alarms that were told. Without a path nothing is kept over the end of the process."""

    def __init__(self, path: Path | None) -> None:
        """Raises ``CannotRemember`` if ``path`` holds something else."""
        self._path = path
        remembered = _Remembered()
        if path is not None:
            try:
                remembered = msgspec.json.decode(path.read_bytes(), type=_Remembered)
            except FileNotFoundError:
                self._write(remembered)
            except OSError as error:
                raise CannotRemember(f"cannot read {path}: {error.strerror}") from error
            except msgspec.MsgspecError as error:
                raise CannotRemember(f"{path} is no state file of asepsis watch: {error}") from error
        self._told = dict.fromkeys(remembered.told[-MOST_TOLD:])

    def knows(self, name: str) -> bool:
        """Whether the alarm with this id was told."""
        return name in self._told

    def told(self, name: str, last: int) -> None:
        """It was told now. Written after the telling: a crash between the two tells it once more, with the same id, rather than never."""
        self._told[name] = None
        while len(self._told) > MOST_TOLD:
            del self._told[next(iter(self._told))]
        self.keep(last)

    def keep(self, last: int) -> None:
        """Remember how far the capture was."""
        if self._path is not None:
            self._write(_Remembered(last, list(self._told)))

    def _write(self, remembered: _Remembered) -> None:
        assert self._path is not None  # noqa: S101 - for the type checker
        beside = self._path.with_name(f"{self._path.name}.new")
        try:
            with beside.open("wb") as file:
                file.write(msgspec.json.encode(remembered))
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self._path)
        except OSError as error:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            raise CannotRemember(f"cannot write {self._path}: {error.strerror}") from error
