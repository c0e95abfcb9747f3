"""The pool of reading children: whatever becomes of a child, no file is passed over in silence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from asepsis.evidence import child, pool
from asepsis.evidence.ask import ask
from asepsis.evidence.child import Batch, Looked, Order
from asepsis.guard.limits import STANDARD
from asepsis.guard.sandbox import Ended
from asepsis.model.evidence import Cause
from asepsis.model.record import FactRecord
from asepsis.model.where import Where

ORDER = Order(b"k" * 32, STANDARD, b"", (b"", b""))
Child = Callable[[Callable[[bytes], None], Callable[[], bytes | None]], Ended]


def files(folder: Path, *names: str) -> list[pool.ToLookAt]:
    made = []
    for name in names:
        (folder / name).write_text(name)
        made.append(pool.ToLookAt(folder / name, Where("e1", name), len(name)))
    return made


def answered(monkeypatch: pytest.MonkeyPatch, children: list[Child], wanted: list[pool.ToLookAt]):
    """What ``ask`` makes of children that behave like this, one after the other; the last one goes on for ever."""
    monkeypatch.setattr(pool, "MOST_CHILDREN", 1)

    def run(_module: str, _request: bytes, **given) -> Ended:
        behaves = children.pop(0) if len(children) > 1 else children[0]
        return behaves(given["on_message"], given["feed"])

    monkeypatch.setattr(pool.sandbox, "run", run)
    with pool.Pool(ORDER, 0, lambda _: None) as reading:
        return ask(wanted, reading, STANDARD)


def good(send, feed) -> Ended:
    while batch := feed():
        send(msgspec.json.encode([Looked(index, done=True) for index, _ in enumerate(msgspec.json.decode(batch, type=Batch))]))
    return Ended("ok")


def dies_on(*names: str, batches: list[list[str]]) -> Child:
    """A child that says what it was handed, and dies with all its answers on files of these names."""

    def child(send, feed) -> Ended:
        while batch := feed():
            handed = [order.where.path for order in msgspec.json.decode(batch, type=Batch)]
            batches.append(handed)
            if set(handed) & set(names):
                return Ended("signal", signal=11)
            send(msgspec.json.encode([Looked(index, done=True) for index, _ in enumerate(handed)]))
        return Ended("ok")

    return child


def takes_and_ends(how: str) -> Child:
    def child(_send, feed) -> Ended:
        feed()
        return Ended(how)  # type: ignore[arg-type]

    return child


def test_all_files_are_looked_at(tmp_path, monkeypatch):
    answers = answered(monkeypatch, [good], files(tmp_path, "a", "b", "c"))
    assert sorted(where.path for where in answers.looked) == ["a", "b", "c"]
    assert answers.problems == []


def test_a_child_that_ends_well_without_having_answered_costs_the_file_it_had(tmp_path, monkeypatch):
    answers = answered(monkeypatch, [takes_and_ends("ok"), good], files(tmp_path, "a", "b"))
    assert [where.path for where in answers.looked] == ["b"]
    assert [(problem.cause, problem.where.path) for problem in answers.problems] == [(Cause.OUR_BUG, "a")]


def test_a_child_that_dies_with_the_answers_of_a_whole_batch_costs_only_the_file_it_died_on(tmp_path, monkeypatch):
    names, batches = [f"{number:02}" for number in range(40)], list[list[str]]()
    answers = answered(monkeypatch, [dies_on("03", "21", batches=batches)], files(tmp_path, *names))
    assert sorted(where.path for where in answers.looked) == [name for name in names if name not in {"03", "21"}]
    assert [(problem.cause, problem.where.path) for problem in answers.problems] == [(Cause.OUR_BUG, "03"), (Cause.OUR_BUG, "21")]
    assert len(batches[0]) > 1
    assert batches.count(["03"]) == batches.count(["21"]) == 1


def test_what_a_child_answered_before_it_died_is_not_asked_again(tmp_path, monkeypatch):
    handed = list[str]()

    def answers_the_first(send, feed) -> Ended:
        batch = msgspec.json.decode(feed(), type=Batch)
        handed.extend(order.where.path for order in batch)
        send(msgspec.json.encode([Looked(0, done=True)]))
        return Ended("memory")

    def says(send, feed) -> Ended:
        while batch := feed():
            orders = msgspec.json.decode(batch, type=Batch)
            handed.extend(order.where.path for order in orders)
            send(msgspec.json.encode([Looked(index, done=True) for index, _ in enumerate(orders)]))
        return Ended("ok")

    names = [f"{number:02}" for number in range(12)]
    answers = answered(monkeypatch, [answers_the_first, says], files(tmp_path, *names))
    assert sorted(where.path for where in answers.looked) == names
    assert answers.problems == []
    assert handed.count("00") == 1
    assert handed.count("01") == handed.count("02") == 2


def test_a_child_that_answers_more_than_it_was_asked_is_believed_nothing_more(tmp_path, monkeypatch):
    def talkative(send, feed) -> Ended:
        feed()
        send(msgspec.json.encode([Looked(0, done=True), Looked(1, done=True)]))
        return Ended("ok")

    answers = answered(monkeypatch, [talkative, good], files(tmp_path, "a", "b"))
    assert [where.path for where in answers.looked] == ["b"]
    assert [(problem.cause, problem.where.path) for problem in answers.problems] == [(Cause.OUR_BUG, "a")]


def test_a_child_that_dies_at_birth_is_started_again(tmp_path, monkeypatch):
    answers = answered(monkeypatch, [lambda _send, _feed: Ended("memory"), good], files(tmp_path, "a", "b"))
    assert sorted(where.path for where in answers.looked) == ["a", "b"]
    assert answers.problems == []


def test_children_that_always_die_at_birth_leave_a_problem_with_the_cause(tmp_path, monkeypatch):
    monkeypatch.setattr(pool, "MOST_RESTARTS", 3)
    answers = answered(monkeypatch, [lambda _send, _feed: Ended("crashed", error="ImportError")], files(tmp_path, "a", "b"))
    (problem,) = answers.problems
    assert "ImportError" in problem.what
    assert problem.consequence == "this file and 1 after it were not looked at"


@pytest.mark.parametrize("how", ["time", "cpu"])
def test_a_childs_own_clock_does_not_cost_a_file_at_once(tmp_path, monkeypatch, how):
    answers = answered(monkeypatch, [takes_and_ends(how), good], files(tmp_path, "a", "b"))
    assert sorted(where.path for where in answers.looked) == ["a", "b"]
    assert answers.problems == []


@pytest.mark.parametrize("how", ["time", "cpu"])
def test_a_file_that_uses_up_two_children_is_given_up_as_a_limit(tmp_path, monkeypatch, how):
    answers = answered(monkeypatch, [takes_and_ends(how), takes_and_ends(how), good], files(tmp_path, "a", "b"))
    assert [where.path for where in answers.looked] == ["b"]
    assert [(problem.cause, problem.where.path) for problem in answers.problems] == [(Cause.LIMIT_REACHED, "a")]


def test_a_file_that_is_written_over_with_its_old_time_is_another_one(tmp_path):
    import os

    from asepsis.evidence.child import identity

    path = tmp_path / "a"
    path.write_text("one")
    before = path.stat()
    opened = identity(before)
    path.write_text("two")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert identity(path.stat()) != opened


def test_answers_of_a_batch_travel_together_unless_they_are_many_or_late(monkeypatch):
    clock = iter([0.0, *([0.1] * 3), 5.0, 5.0, 5.1])
    monkeypatch.setattr(child.time, "monotonic", lambda: next(clock))
    record = FactRecord("Service", Where("e1", "a"), {})
    full = Looked(2, records=(record,) * child.RECORDS_PER_MESSAGE)
    parts = [Looked(0, records=(record,), done=True), Looked(1, done=True), full, Looked(2, done=True), Looked(3, done=True), Looked(4, done=True)]
    assert [[part.index for part in message] for message in child._messages(parts)] == [[0, 1], [2, 2], [3, 4]]
