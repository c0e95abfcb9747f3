"""Put together what the children said: facts, problems, coverage, in the order of the files whatever order they came in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from asepsis.evidence.child import Looked, readable
from asepsis.evidence.pool import MOST_RESTARTS, Outcome, Pool, ToLookAt
from asepsis.guard import sandbox
from asepsis.guard.limits import MIB, Limits
from asepsis.model.evidence import Cause, Problem
from asepsis.model.facts import Fact
from asepsis.model.record import from_record
from asepsis.model.where import Where

_BIG_BYTES = 8 * MIB


@dataclass(slots=True)
class Answers:
    """What came out of all files. ``looked`` gives for each file that was looked at to the end the names of the readers that recognised it."""

    facts: list[Fact] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    looked: dict[Where, tuple[str, ...]] = field(default_factory=dict)
    bytes_read: int = 0
    programs: int = 0
    programs_identified: int = 0


def ask(files: Sequence[ToLookAt], pool: Pool, limits: Limits) -> Answers:
    """Have ``files`` looked at, as far as that has not been done already. What could not be looked at is a problem in the answers.

    The biggest go first, so that no child is left alone with one at the end.
    """
    in_turn = sorted(files, key=lambda file: -file.size if file.size >= _BIG_BYTES else 0)
    undecided = pool.put(in_turn)
    pool.finish()
    pool.put(undecided)  # those that were being looked at when unpacking ended, and have changed
    return _together(files, pool.finish(), limits)


def _together(files: Sequence[ToLookAt], outcome: Outcome, limits: Limits) -> Answers:
    answers, rest = Answers(), []
    if outcome.missing:
        answers.problems.append(_unprotected(outcome.missing))
    for file in files:
        seen = outcome.seen[file]
        for part in seen.parts:
            _add(answers, part, file, limits)
        if seen.died is not None:
            answers.problems.append(_died(file.where, seen.died, limits))
        elif not seen.answered:
            rest.append(file)
    if rest:
        answers.problems.append(_stopped(rest, outcome.over or sandbox.Ended("crashed", error="no child was left"), limits))
    return answers


def _add(answers: Answers, looked: Looked, file: ToLookAt, limits: Limits) -> None:
    place = readable(file.where)
    room = limits.facts - len(answers.facts)
    for record in looked.records[:room]:
        # A child under attack must not speak for another file.
        answers.facts.append(from_record(replace(record, where=replace(record.where, evidence=place.evidence, path=place.path))))
    if len(looked.records) > room:
        what = f"facts: more than {limits.facts}"
        answers.problems.append(Problem(Cause.LIMIT_REACHED, place, what, "the rest of this file's facts was dropped"))
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
    if ended.how in {"time", "cpu"}:
        return Problem(Cause.LIMIT_REACHED, place, "it used up the time of its reading process, twice", "this file was not looked at")
    if ended.how == "talk":
        return Problem(Cause.LIMIT_REACHED, place, "it yields more facts than one answer may hold", "this file was not looked at")
    how = f"signal {ended.signal}" if ended.signal else ended.error or ended.how
    return Problem(Cause.OUR_BUG, place, f"the reading process ended on this file ({how})", "this file was not looked at")


def _stopped(rest: Sequence[ToLookAt], ended: sandbox.Ended, limits: Limits) -> Problem:
    place = readable(rest[0].where)
    consequence = f"this file and {len(rest) - 1} after it were not looked at"
    if ended.stopped_by == "facts":
        return Problem(Cause.LIMIT_REACHED, place, f"facts: many more than {limits.facts}", consequence)
    if ended.how in {"time", "cpu", "stopped"}:
        return Problem(Cause.LIMIT_REACHED, place, f"read_seconds: the {limits.read_seconds} seconds for reading are used up", consequence)
    how = f"signal {ended.signal}" if ended.signal else ended.error or ended.how
    return Problem(Cause.OUR_BUG, place, f"the reading process ended {MOST_RESTARTS} times, at last with {how}", consequence)


def _unprotected(missing: tuple[str, ...]) -> Problem:
    what = f"this system did not give: {', '.join(missing)}"
    return Problem(Cause.MISSING_TOOL, None, what, "untrusted files were read with less protection; the findings are not affected")


def _too_many(limits: Limits) -> Problem:
    return Problem(Cause.LIMIT_REACHED, None, f"problems: more than {limits.problems} problems", "further problems are not listed")
