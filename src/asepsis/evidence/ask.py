"""Have all files looked at in a bounded child; a child that dies costs the one file it died on.

The child answers for one file after the other, so the first file without an answer is the one that ended it. It is named in a problem, and
a new child goes on behind it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from asepsis.evidence.child import FileOrder, Looked, Order, readable
from asepsis.evidence.rule_patterns import RuleFile
from asepsis.guard import sandbox
from asepsis.guard.limits import GIB, MIB, Limits
from asepsis.model.evidence import Cause, Problem
from asepsis.model.facts import Fact
from asepsis.model.record import from_record
from asepsis.model.where import Where

CHILD = "asepsis.evidence.child"
MOST_RESTARTS = 100
_NOTICE_EVERY = 500


@dataclass(frozen=True, slots=True)
class ToLookAt:
    """A file on disk and its place in the evidence; ``patterns`` False if its bytes are looked at as files of their own."""

    host: Path
    where: Where
    size: int
    executable: bool = False
    link_names: tuple[str, ...] = ()
    patterns: bool = True

    @property
    def order(self) -> FileOrder:
        """As the child is told."""
        names = tuple(readable(name) for name in self.link_names)
        return FileOrder(os.fsencode(self.host).hex(), readable(self.where), self.executable, names, self.patterns)


@dataclass(slots=True)
class Answers:
    """What came out of all files. ``looked`` gives for each file that was looked at to the end the names of the readers that recognised it."""

    facts: list[Fact] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    looked: dict[Where, tuple[str, ...]] = field(default_factory=dict)
    bytes_read: int = 0
    programs: int = 0
    programs_identified: int = 0


def ask(files: Sequence[ToLookAt], key: bytes, limits: Limits, notice: Callable[[str], None], rules: Sequence[RuleFile] = ()) -> Answers:
    """Look at ``files``, also with the user's pattern ``rules``. What could not be looked at is a problem in the answers.

    Nothing is raised for the evidence's sake.
    """
    answers, start, deadline = Answers(), 0, time.monotonic() + limits.read_seconds
    for restart in range(MOST_RESTARTS + 1):
        if start >= len(files):
            break
        done, ended = _one_child(files, start, key, limits, deadline, answers, notice, tuple(rules))
        start += done
        if ended.missing and restart == 0:
            answers.problems.append(_unprotected(ended.missing))
        if ended.ok or start >= len(files):
            break
        over = ended.how in {"time", "cpu"} or restart == MOST_RESTARTS
        answers.problems.append(_died(files[start].where, ended, limits) if not over else _stopped(files[start:], ended, limits))
        if over:
            break
        start += 1
    return answers


def _one_child(  # noqa: PLR0913, PLR0917 - everything that a child is told or tells
    files: Sequence[ToLookAt],
    start: int,
    key: bytes,
    limits: Limits,
    deadline: float,
    answers: Answers,
    notice: Callable[[str], None],
    rules: tuple[RuleFile, ...],
) -> tuple[int, sandbox.Ended]:
    """Run one child from ``start`` on; how many files it finished, and how it ended."""
    rest = files[start:]
    order = Order(tuple(file.order for file in rest), key.hex(), limits, max(limits.facts - len(answers.facts), 0), rules)
    done = 0

    def take(message: bytes) -> None:
        nonlocal done
        looked = msgspec.json.decode(message, type=Looked)
        _add(answers, looked, rest[done], limits)
        if looked.done:
            done += 1
            if (start + done) % _NOTICE_EVERY == 0:
                notice(f"{start + done} of {len(files)} files looked at")

    bounds = sandbox.Bounds(
        wall_seconds=max(deadline - time.monotonic(), 1.0),
        cpu_seconds=limits.read_seconds * 2,
        # Address space counts a mapped file whole.
        memory_bytes=limits.read_memory_bytes + max((file.size for file in rest), default=0),
        file_bytes=MIB,
        message_bytes=16 * MIB,
        messages_bytes=GIB,
    )
    try:
        ended = sandbox.run(CHILD, msgspec.json.encode(order), bounds=bounds, on_message=take)
    except (msgspec.MsgspecError, ValueError, IndexError) as error:
        # What a child under attack says may be nonsense: it is dead by now, and this file is given up.
        ended = sandbox.Ended("crashed", error=type(error).__name__)
    return done, ended


def _add(answers: Answers, looked: Looked, file: ToLookAt, limits: Limits) -> None:
    place = readable(file.where)
    for record in looked.records:
        # A child under attack must not speak for another file.
        answers.facts.append(from_record(replace(record, where=replace(record.where, evidence=place.evidence, path=place.path))))
    if len(answers.problems) + len(looked.problems) <= limits.problems:
        answers.problems.extend(looked.problems)
    elif looked.problems:
        answers.problems[limits.problems - 1 :] = [_too_many(limits)]
    if looked.done:
        answers.looked[place] = looked.recognised
        answers.bytes_read += min(looked.size, file.size)
        answers.programs += looked.program
        answers.programs_identified += looked.program and looked.identified


def _died(where: Where, ended: sandbox.Ended, limits: Limits) -> Problem:
    place = readable(where)
    if ended.how == "memory":
        what = f"reading it took more memory than read_memory_bytes ({limits.read_memory_bytes})"
        return Problem(Cause.LIMIT_REACHED, place, what, "this file was not looked at")
    if ended.how == "talk":
        return Problem(Cause.LIMIT_REACHED, place, "it yields more facts than one answer may hold", "this file was not looked at")
    how = f"signal {ended.signal}" if ended.signal else ended.error or ended.how
    return Problem(Cause.OUR_BUG, place, f"the reading process ended on this file ({how})", "this file was not looked at")


def _stopped(rest: Sequence[ToLookAt], ended: sandbox.Ended, limits: Limits) -> Problem:
    place = readable(rest[0].where)
    consequence = f"this file and {len(rest) - 1} after it were not looked at"
    if ended.how in {"time", "cpu"}:
        return Problem(Cause.LIMIT_REACHED, place, f"read_seconds: the {limits.read_seconds} seconds for reading are used up", consequence)
    return Problem(Cause.OUR_BUG, place, f"the reading process ended {MOST_RESTARTS} times", consequence)


def _unprotected(missing: tuple[str, ...]) -> Problem:
    what = f"this system did not give: {', '.join(missing)}"
    return Problem(Cause.MISSING_TOOL, None, what, "untrusted files were read with less protection; the findings are not affected")


def _too_many(limits: Limits) -> Problem:
    return Problem(Cause.LIMIT_REACHED, None, f"problems: more than {limits.problems} problems", "further problems are not listed")
