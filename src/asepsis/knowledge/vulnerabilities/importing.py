"""Import feeds: files are taken apart in the bounded child, what they say is checked and written to the store, or nothing is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import msgspec

from asepsis.guard.digest import Unreadable, hash_evidence
from asepsis.guard.sandbox import Ended, run
from asepsis.knowledge.toml_file import KnowledgeError
from asepsis.knowledge.vulnerabilities.feed import Document
from asepsis.knowledge.vulnerabilities.feed_table import FeedTable, load_feeds
from asepsis.knowledge.vulnerabilities.limits import import_bounds
from asepsis.knowledge.vulnerabilities.writer import Writer, changed
from asepsis.model.evidence import Cause, Problem

CHILD = "asepsis.knowledge.vulnerabilities.taking"
_KEPT = "what it says is not in the store; everything else is"
_ENDS = {
    "time": "takes longer than an import may",
    "cpu": "takes more processor time than an import may",
    "memory": "needs more memory than an import may",
    "talk": "says more than an import may",
}

Notice = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: documents taken and left because newer ones were there, by source; what could not be read.

    ``skipped`` are files beside feeds that are none themselves; ``faulty`` the numbers of the paths of which something could not be read.
    """

    taken: dict[str, int] = field(default_factory=dict)
    older: dict[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    skipped: tuple[str, ...] = ()
    faulty: frozenset[int] = frozenset()

    @property
    def complete(self) -> bool:
        """Everything that was given could be read."""
        return not self.problems


class _Message(msgspec.Struct):
    """What the child says."""

    documents: list[Document] = []
    wrong: list[tuple[str, str, Cause]] = []
    skipped: list[str] = []
    done: int = -1


def import_files(store: Path, paths: Sequence[Path], *, today: date, notice: Notice = lambda _: None) -> Imported:
    """Take the feeds in ``paths`` (files or folders) into ``store``. What is dated later than the day after ``today`` counts as undated.

    Raises ``KnowledgeError`` if a path cannot be read, or nothing in them is a feed: then the store is as it was.
    """
    digests = [digest_of(path) for path in paths]
    with changed(store) as writer:
        done = take(writer, [(path, path.name) for path in paths], digests, today=today, notice=notice)
        if not done.taken and not done.older:
            raise KnowledgeError(f"nothing was imported: {_first(done.problems, paths)}")
    return done


def take(writer: Writer, paths: Sequence[tuple[Path, str]], digests: Sequence[str], *, today: date, notice: Notice) -> Imported:
    """Take files into an open writer. Each path comes with the name to tell it by, and the digest of its content."""
    table = load_feeds()
    receiver = _Receiver(writer, table, digests, today, notice)
    request = msgspec.json.encode({"paths": [(str(path.resolve()), name) for path, name in paths]})
    ended = run(CHILD, request, bounds=import_bounds(), on_message=receiver.take)
    receiver.finish()
    if not ended.ok:
        receiver.problems.append(_broken_off(ended, paths, receiver.done))
        receiver.faulty |= set(range(receiver.done, len(paths)))
    return Imported(
        dict(sorted(writer.taken.items())),
        dict(sorted(writer.older.items())),
        tuple(receiver.problems),
        tuple(receiver.skipped),
        frozenset(receiver.faulty),
    )


class _Receiver:
    """Turns messages into rows and problems."""

    def __init__(self, writer: Writer, table: FeedTable, digests: Sequence[str], today: date, notice: Notice) -> None:
        self._writer, self._table, self._digests, self._notice = writer, table, digests, notice
        self._latest = date.fromordinal(today.toordinal() + 2).isoformat()
        self._decoder = msgspec.msgpack.Decoder(_Message)
        self.problems: list[Problem] = []
        self.skipped: list[str] = []
        self.faulty: set[int] = set()
        self.done, self._count = 0, 0

    def take(self, payload: bytes) -> None:
        message = self._decoder.decode(payload)
        for document in message.documents:
            self._writer.add(document if document.modified < self._latest else replace(document, modified=""))
        self._count += len(message.documents)
        if message.documents:
            self._notice(f"{self._count} records")
        if message.wrong:
            self.faulty.add(self.done)
        self.problems += [Problem(cause, None, f"{place}: {what}", _KEPT) for place, what, cause in message.wrong]
        self.skipped += message.skipped
        if message.done >= 0:
            self.finish()
            self.done = message.done + 1

    def finish(self) -> None:
        """Note what the file that is done spoke of."""
        if self.done < len(self._digests):
            self._writer.told(self._digests[self.done], self._table.licences)


def digest_of(path: Path) -> str:
    """The SHA-256 of a file or folder. Raises ``KnowledgeError`` if it cannot be read."""
    try:
        return hash_evidence(path)[0]
    except Unreadable as error:
        raise KnowledgeError(str(error)) from error


def _first(problems: Iterable[Problem], paths: Sequence[Path]) -> str:
    return next((problem.what for problem in problems), f"{', '.join(path.name for path in paths)}: no feed in it")


def _broken_off(ended: Ended, paths: Sequence[tuple[Path, str]], done: int) -> Problem:
    name = paths[min(done, len(paths) - 1)][1]
    cause = Cause.LIMIT_REACHED if ended.how in _ENDS else Cause.OUR_BUG
    what = _ENDS.get(ended.how, f"ended the reading process ({ended.error or ended.signal or ended.how})")
    return Problem(cause, None, f"{name}: {what}", "what it says from there on, and the files after it, are not in the store")
