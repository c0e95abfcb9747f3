"""Progress on standard error: live on a terminal, plain lines otherwise, and how long each stage took."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.status import Status

WORDS = {
    "read": "Reading the evidence",
    "judge": "Judging weaknesses",
    "connect": "Connecting them into paths to harm",
    "rate": "Rating the paths",
    "choose": "Choosing the smallest plan",
    "tell": "Writing reports",
}


class Progress:
    """The watcher of a run. ``quiet`` says nothing; ``verbose`` keeps every notice as a line."""

    def __init__(self, *, quiet: bool, verbose: bool) -> None:
        """Live only if standard error is a terminal that can redraw a line."""
        self._quiet, self._verbose = quiet, verbose
        self._live = not quiet and not verbose and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._status: Status | None = None
        self._current = ""
        self._seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Show the stage while it runs, and remember how long it took."""
        begun = time.monotonic()
        self._current = WORDS[name]
        with self._shown():
            try:
                yield
            finally:
                self._seconds[name] = self._seconds.get(name, 0.0) + time.monotonic() - begun

    @contextmanager
    def _shown(self) -> Iterator[None]:
        if not self._live:
            self._line(self._current)
            yield
            return
        from rich.console import Console

        with Console(stderr=True).status(self._current) as self._status:
            yield
        self._status = None

    def notice(self, text: str) -> None:
        """A line about the work: beside the spinner, or on its own if ``verbose``. Device text is made printable."""
        printable = "".join(letter if letter.isprintable() else "·" for letter in text)
        if self._status is not None:
            from rich.markup import escape

            self._status.update(f"{self._current}: {escape(printable[:80])}")
        elif self._verbose:
            self._line(f"  {printable}")

    def timing(self) -> None:
        """One line with the time of each stage; days and hours are said as such."""
        parts = [f"{name} {duration(seconds)}" for name, seconds in self._seconds.items()]
        self._line(f"Took {duration(sum(self._seconds.values()))}: " + ", ".join(parts))

    def _line(self, text: str) -> None:
        if not self._quiet:
            click.echo(text, err=True)


def duration(seconds: float) -> str:
    """Seconds in words: ``0.4 s``, ``3 min 20 s``, ``2 h 5 min``, ``4 d 12 h``."""
    if seconds < 60:  # noqa: PLR2004
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"
