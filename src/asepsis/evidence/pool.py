"""Bounded children that look at files while more files are still coming: unpacking and reading overlap.

What is read while unpacking still runs might be changed behind our back by an unpacker under attack: such a file counts only if it is still the one
that was opened, else it is read again. Each child has a thread of its own here that feeds it batches. A child that dies costs the one file it died
on: what it has not answered for goes back to the queue and is handed out one by one, so that the next time it is known which file it was.

The first children are forked by one process that has loaded the readers; whoever follows a child that died is started by itself, and has another
layout of memory (:mod:`asepsis.guard.fork_server`).
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

import msgspec

from asepsis.evidence.child import FileOrder, Looked, Message, Order, identity, readable
from asepsis.guard import sandbox
from asepsis.guard.fork_server import ForkServer
from asepsis.guard.limits import GIB, MIB
from asepsis.model.where import Where

CHILD = "asepsis.evidence.child"
MOST_RESTARTS = 200
"""Twice as many as files that may end their child: the first time it is not known which of a batch it was."""
MOST_CHILDREN = 8
BATCH_FILES, BATCH_BYTES = 64, 32 * MIB
"""A batch ends with whichever is reached first: small enough that the children finish together."""
_WORTH_FILES, _WORTH_BYTES = 400, 64 * MIB
"""What must wait for each child before another one is worth its start (half a second of a processor)."""
_FACTS_OVER = 2
"""Children do not know of each other's facts: at this many times the limit they are stopped."""


@dataclass(frozen=True, slots=True)
class ToLookAt:
    """A file on disk and its place in the evidence; ``patterns`` False if its bytes are looked at as files of their own.

    ``sha256`` is its digest in hex where it is known already.
    """

    host: Path
    where: Where
    size: int
    executable: bool = False
    link_names: tuple[str, ...] = ()
    patterns: bool = True
    sha256: str = field(default="", compare=False)

    def __hash__(self) -> int:
        """By the place alone: a file is looked up half a dozen times, and two with one place are rare."""
        return hash(self.where.path)

    @property
    def order(self) -> FileOrder:
        """As the child is told."""
        names = tuple(readable(name) for name in self.link_names)
        return FileOrder(os.fsencode(self.host).hex(), readable(self.where), self.executable, names, self.patterns, self.sha256)


def most_children() -> int:
    """How many there are at a time."""
    return min(len(os.sched_getaffinity(0)), MOST_CHILDREN)


def fork_server() -> ForkServer:
    """The process that forks the first children; it may be started before anything is known of the evidence. Raises ``OSError``."""
    return sandbox.fork_server(CHILD, most_children())


@dataclass(slots=True)
class Seen:
    """What came back for one file: the child's ``parts``, the last one of which says that it is done, or how the child ``died`` on it."""

    parts: list[Looked] = field(default_factory=list)
    died: sandbox.Ended | None = None

    @property
    def answered(self) -> bool:
        """Whether it is settled, one way or the other."""
        return self.died is not None or bool(self.parts and self.parts[-1].done)

    def is_of(self, file: ToLookAt) -> bool:
        """Whether the file is still the one that was opened."""
        opened = self.parts[-1].opened if self.parts else None
        try:
            return opened is None or opened == identity(file.host.lstat())
        except OSError:
            return False


@dataclass(slots=True)
class Outcome:
    """What the pool came to. ``over`` is how it ended before its time, ``missing`` the protections that the kernel did not give."""

    seen: dict[ToLookAt, Seen]
    missing: tuple[str, ...] = ()
    over: sandbox.Ended | None = None


class Pool:
    """A queue of files and the children that empty it. Use it in a ``with``: leaving it early ends the children."""

    def __init__(self, order: Order, largest: int, notice: Callable[[str], None], server: ForkServer | None = None) -> None:
        """``largest`` is the size in bytes of the largest file that may come from elsewhere than unpacking; ``notice`` gets a line now and then.

        ``server`` forks the first children (:func:`fork_server`).
        """
        self._order, self.limits, self.notice, self._server = msgspec.json.encode(order), order.limits, notice, server
        self._largest = largest
        self._lock = threading.Lock()
        self._waiting: deque[ToLookAt] = deque()
        self._outcome = Outcome({})
        self._more_may_come, self._stop = True, ""
        self._deadline = float("inf")
        self._alone: set[ToLookAt] = set()
        self._suspects: set[ToLookAt] = set()
        self._threads: list[threading.Thread] = []
        self._bugs: list[BaseException] = []
        self._restarts, self._facts, self._files, self._bytes = 0, 0, 0, 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop = self._stop or "given up"
        for thread in self._threads:
            thread.join()

    def put(self, files: Sequence[ToLookAt]) -> list[ToLookAt]:
        """Have files looked at; one that was put before is not looked at again, unless it has changed since.

        Those that wait or are being looked at just now come back: whether they change while that goes on is not known yet.
        """
        with self._lock:
            seen = self._outcome.seen
            undecided = [file for file in files if file in seen and not seen[file].answered]
            new = [file for file in files if file not in seen or not seen[file].is_of(file)]
            self._outcome.seen.update({file: Seen() for file in new})
            self._waiting.extend(new)
            self._bytes += sum(file.size for file in new)
            self._grow()
            return undecided

    def finish(self) -> Outcome:
        """Wait until all files are looked at, or the time for reading is over."""
        with self._lock:
            self._deadline = time.monotonic() + self.limits.read_seconds
            self._more_may_come = False
            self._grow()
        for thread in self._threads:
            thread.join()
        self._threads.clear()
        if self._bugs:
            raise self._bugs[0]
        return self._outcome

    def _grow(self) -> None:
        """Start another child if enough is waiting. While unpacking goes on, a processor is left to it."""
        most = most_children() - self._more_may_come
        worth = 1 + min(len(self._waiting) // _WORTH_FILES + self._bytes // _WORTH_BYTES, MOST_CHILDREN)
        for _ in range(min(max(most, 1), worth if self._waiting else 0) - len(self._threads)):
            thread = threading.Thread(target=self._work, daemon=True)
            self._threads.append(thread)
            thread.start()

    def _work(self) -> None:
        """One child after the other, until the queue is empty and nothing more may come."""
        try:
            server = self._server
            while not _Turn(self).run(server):
                server = None
        except BaseException as error:  # noqa: BLE001 - told to whoever waits in finish()
            self._bugs.append(error)
            self._stop = "our bug"

    # ----- asked by a child's turn, from its thread

    def next_batch(self) -> list[ToLookAt] | None:
        """Files to look at; empty if there are no more, None if there may be some later."""
        with self._lock:
            most, size, batch = max(1, min(BATCH_FILES, len(self._waiting) // 4)), 0, list[ToLookAt]()
            while self._waiting and len(batch) < most and size < BATCH_BYTES and not (batch and self._waiting[0] in self._alone):
                most = 1 if self._waiting[0] in self._alone else most
                batch.append(self._waiting.popleft())
                size += batch[-1].size
            self._bytes -= size
            return batch or (None if self._more_may_come else [])

    def take(self, answers: Sequence[tuple[ToLookAt, Looked]]) -> None:
        """Keep what a child said."""
        with self._lock:
            for file, looked in answers:
                self._outcome.seen[file].parts.append(looked)
                self._facts += len(looked.records)
                self._files += looked.done
                if looked.done and self._files % 500 == 0:
                    self.notice(f"{self._files} files looked at")

    def late(self) -> str:
        """Why a child must stop, or an empty text."""
        if self._facts > _FACTS_OVER * self.limits.facts:
            return "facts"
        return self._stop or ("read_seconds" if time.monotonic() > self._deadline else "")

    def ended(self, doing: list[ToLookAt], ended: sandbox.Ended) -> bool:
        """Settle a child's end: ``doing`` are the files of its batch that it had not answered for. True if its thread shall end too."""
        with self._lock:
            self._outcome.missing = self._outcome.missing or ended.missing
            if ended.ok and not doing:
                return True
            if ended.ok:
                ended = replace(ended, how="crashed", error="it ended before it had answered")
            self._restarts += 1
            if ended.how == "stopped" or self._restarts > MOST_RESTARTS:
                self._outcome.over = self._outcome.over or ended
                self._stop = self._stop or ended.stopped_by or ended.how
                return True
            if len(doing) == 1 and ended.how in {"time", "cpu"} and doing[0] not in self._suspects:
                # A child's own clock also runs while it waits for unpacking: once, its end says nothing of the file.
                self._suspects.add(doing[0])
            elif len(doing) == 1:
                self._outcome.seen[doing.pop()].died = ended
            self._alone.update(doing)
            self._waiting.extendleft(reversed(doing))
            self._bytes += sum(file.size for file in doing)
            return False

    @property
    def bounds(self) -> sandbox.Bounds:
        """What one child may use. Address space counts a mapped file whole, so data of its own are bounded apart."""
        limits = self.limits
        return sandbox.Bounds(
            wall_seconds=limits.unpack_seconds + limits.read_seconds + 60.0,
            cpu_seconds=limits.read_seconds * 2,
            memory_bytes=limits.read_memory_bytes + max(self._largest, limits.unpack_one_file_bytes),
            heap_bytes=limits.read_memory_bytes,
            file_bytes=MIB,
            message_bytes=16 * MIB,
            messages_bytes=GIB,
        )

    @property
    def order(self) -> bytes:
        """What every child is told first."""
        return self._order


class _Turn:
    """The life of one child: ``doing`` are the files of its batch that it has not answered for yet."""

    def __init__(self, pool: Pool) -> None:
        self._pool, self._doing = pool, deque[ToLookAt]()

    def run(self, server: ForkServer | None) -> bool:
        """True if no other child need follow. With a ``server`` the child is forked by it."""
        pool = self._pool
        try:
            ended = sandbox.run(server or CHILD, pool.order, bounds=pool.bounds, on_message=self._take, watch=pool.late, feed=self._feed)
        except (msgspec.MsgspecError, ValueError, IndexError) as error:
            # What a child under attack says may be nonsense: it is dead by now, and this file is given up.
            ended = sandbox.Ended("crashed", error=type(error).__name__)
        return self._pool.ended(list(self._doing), ended)

    def _feed(self) -> bytes | None:
        if self._doing:
            return None  # it asks for more before it has answered: it must wait
        batch = self._pool.next_batch()
        if batch is None:
            return None
        self._doing.extend(batch)
        return msgspec.json.encode([file.order for file in batch]) if batch else b""

    def _take(self, message: bytes) -> None:
        answers, settled = list[tuple[ToLookAt, Looked]](), 0
        for looked in msgspec.json.decode(message, type=Message):
            answers.append((self._doing[settled], looked))
            settled += looked.done
        self._pool.take(answers)
        for _ in range(settled):
            self._doing.popleft()
