"""The bounded child of the reading stage: opens the files that it is handed, one after the other, and sends what they showed.

``serve`` is called by :mod:`asepsis.guard.sandbox`. Files come in batches, as unpacking yields them. Facts travel as records in JSON, the answers
of a batch together: a message for each of many small files would cost more than to look at them.
"""

from __future__ import annotations

import mmap
import os
import signal
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from types import FrameType
from typing import Any

import msgspec

from asepsis.evidence.candidates import Candidates, Compiled
from asepsis.evidence.look import Look
from asepsis.evidence.patterns import PatternPass
from asepsis.evidence.readers import FILE_READERS, PATTERN_READERS
from asepsis.evidence.rule_patterns import RuleFile, readers_of
from asepsis.guard.limits import KIB, LimitReached, Limits
from asepsis.guard.redact import Redactor
from asepsis.guard.source import BoundedSource
from asepsis.model.evidence import Cause, Problem
from asepsis.model.record import FactRecord, to_record
from asepsis.model.where import Where

RECORDS_PER_MESSAGE = 1000
_WAIT_SECONDS = 1.0
"""After so long what is known is said, so that little of it is lost if the child is ended."""
_SMALL_BYTES = 64 * KIB
"""Up to here, reading a file costs less than mapping it."""


class FileOrder(msgspec.Struct, frozen=True, omit_defaults=True):
    """One file to look at. ``host`` is its path in hex (names may be no text); ``patterns`` False for a container whose members are looked at.

    ``sha256`` is its digest in hex if it is known already.
    """

    host: str
    where: Where
    executable: bool = False
    link_names: tuple[str, ...] = ()
    patterns: bool = True
    sha256: str = ""


class Order(msgspec.Struct, frozen=True):
    """What holds for all files: the digest ``key``, the user's pattern ``rules``.

    All patterns are ``compiled`` as the engine keeps them, and so are the ``signs`` of the readers of whole files.
    """

    key: bytes
    limits: Limits
    compiled: bytes
    signs: Compiled
    rules: tuple[RuleFile, ...] = ()


Batch = tuple[FileOrder, ...]
"""What the parent hands over at a time; an empty one is the last."""


Identity = tuple[int, int, int, int]
"""Device, inode, size and time of change (ctime) in nanoseconds: which file was really opened, and in which state."""


def identity(status: os.stat_result) -> Identity:
    """What tells that nobody has changed a file, or put another in its place, since it was opened."""
    return status.st_dev, status.st_ino, status.st_size, status.st_ctime_ns  # unlike the time of writing, it cannot be set back


class Looked(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one file showed, or a part of it: the last part of a file has ``done``, and ``opened`` says which file it was."""

    index: int
    records: tuple[FactRecord, ...] = ()
    problems: tuple[Problem, ...] = ()
    recognised: tuple[str, ...] = ()
    size: int = 0
    program: bool = False
    identified: bool = False
    opened: Identity | None = None
    done: bool = False


Message = tuple[Looked, ...]
"""What the child says at a time, in the order of the batch."""


class _Clock:
    """The time that one file may take: an alarm a second asks how long it has been, because setting one for each of many small files costs more.

    It interrupts Python code; what sits in C longer is ended by the parent.
    """

    def __init__(self, seconds: int) -> None:
        self._seconds, self._until = seconds, float("inf")

    def start(self) -> None:
        """Tick from now on, in this process."""
        signal.signal(signal.SIGALRM, self._tick)
        signal.setitimer(signal.ITIMER_REAL, 1, 1)

    def _tick(self, _number: int, _frame: FrameType | None) -> None:
        if time.monotonic() > self._until:
            self._until = float("inf")  # once is enough: what is said of it must not be interrupted
            raise LimitReached("read_one_file_seconds", self._seconds, self._seconds)

    def __enter__(self) -> None:
        self._until = time.monotonic() + self._seconds

    def __exit__(self, *_: object) -> None:
        self._until = float("inf")


@dataclass(frozen=True, slots=True)
class _Means:
    """What one child looks at files with."""

    redactor: Redactor
    candidates: Candidates
    patterns: PatternPass
    limits: Limits
    clock: _Clock


def prepare() -> None:
    """What every child needs and evidence does not change, for :mod:`asepsis.guard.fork_server`: the readers' patterns."""
    PatternPass(PATTERN_READERS)


def serve(request: bytes, send: Callable[[bytes], None], receive: Callable[[], bytes]) -> None:
    """Look at every file of every batch."""
    order = msgspec.json.decode(request, type=Order)
    patterns = PatternPass((*PATTERN_READERS, *readers_of(order.rules)), order.compiled)
    clock = _Clock(order.limits.read_one_file_seconds)
    means = _Means(Redactor(order.key), Candidates(FILE_READERS, order.signs), patterns, order.limits, clock)
    means.clock.start()
    while batch := receive():
        for message in _messages(part for index, file in enumerate(msgspec.json.decode(batch, type=Batch)) for part in _look_at(index, file, means)):
            send(msgspec.json.encode(message))


def _messages(parts: Iterable[Looked]) -> Iterator[Message]:
    """The answers of a batch, together as long as their records fit into a message and nobody waits for them."""
    together, records, since = list[Looked](), 0, time.monotonic()
    for part in parts:
        if together and (records + len(part.records) > RECORDS_PER_MESSAGE or time.monotonic() - since > _WAIT_SECONDS):
            yield tuple(together)
            together, records, since = [], 0, time.monotonic()
        together.append(part)
        records += len(part.records)
    yield tuple(together)


def _look_at(index: int, file: FileOrder, means: _Means) -> list[Looked]:
    try:
        data, opened = _opened(bytes.fromhex(file.host))
    except OSError as error:
        problem = Problem(Cause.NOT_PERMITTED, file.where, f"cannot be opened: {error.strerror}", "this file was not looked at")
        return [Looked(index, problems=(problem,), done=True)]
    source = BoundedSource(data, file.where, means.redactor, means.limits, executable=file.executable, link_names=file.link_names)
    look = Look(source, means.limits.facts, file.sha256)
    _in_time(look, file.patterns, means)
    return _parts(index, look, len(data), opened)


def _in_time(look: Look, use_patterns: bool, means: _Means) -> None:
    """All readers, under the time limit of one file."""
    try:
        with means.clock:
            look.with_readers(means.candidates.of(look.source.path, look.head))
            if use_patterns:
                look.with_patterns(means.patterns)
            look.as_program()
    except LimitReached as error:
        look.problems.append(Problem(Cause.LIMIT_REACHED, look.source.where(), str(error), "the rest of this file was not looked at"))


def _opened(path: bytes) -> tuple[memoryview, Identity]:
    """The bytes of a plain file, never through a link, and which file it is. A large one is mapped; the mapping ends with its last view."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        info = os.fstat(handle)
        if not stat.S_ISREG(info.st_mode):
            raise OSError(0, "not a plain file")
        small = info.st_size <= _SMALL_BYTES
        return memoryview(os.read(handle, info.st_size) if small else mmap.mmap(handle, 0, access=mmap.ACCESS_READ)), identity(info)
    finally:
        os.close(handle)


def _parts(index: int, look: Look, size: int, opened: Identity) -> list[Looked]:
    r"""The messages of one file; text that is no Unicode is written out as ``\xNN``."""
    records = [readable(to_record(fact)) for fact in look.facts]
    problems = tuple(readable(problem) for problem in look.problems)
    parts = [Looked(index, tuple(records[i : i + RECORDS_PER_MESSAGE])) for i in range(0, len(records), RECORDS_PER_MESSAGE)]
    return [*parts, Looked(index, (), problems, tuple(look.recognised), size, look.program, look.identified, opened, done=True)]


def readable(thing: Any) -> Any:
    """The same noun with every undecodable byte in its text written out, so that it can be JSON."""
    if isinstance(thing, Where) and thing.path.isascii() and thing.evidence.isascii():
        return thing  # a place of every file, and nearly always as it should be
    with suppress(UnicodeEncodeError):
        if msgspec.json.encode(thing).isascii():
            return thing
    return msgspec.convert(_readable(msgspec.to_builtins(thing)), type(thing))


def _readable(built: Any) -> Any:
    if isinstance(built, str):
        return built if built.isascii() else built.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    if isinstance(built, dict):
        return {_readable(key): _readable(value) for key, value in built.items()}
    return [_readable(item) for item in built] if isinstance(built, (list, tuple)) else built
