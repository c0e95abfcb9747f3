"""Looking at one file: every reader gets its turn, whatever the others do."""

from __future__ import annotations

import json
import struct
from dataclasses import replace
from hashlib import sha256

import pytest

from asepsis.evidence.look import Look
from asepsis.evidence.patterns import PatternPass
from asepsis.evidence.protocols.executables import architecture
from asepsis.evidence.reader import Emit, Malformed, NotThisFormat, ReaderInfo, Sealed, Sureness
from asepsis.evidence.readers import PATTERN_READERS
from asepsis.evidence.readers.packages.dpkg_status import DpkgStatusReader
from asepsis.evidence.readers.packages.node_package import NodePackageReader
from asepsis.guard.limits import LimitReached
from asepsis.guard.source import BoundedSource
from asepsis.model.evidence import Cause
from asepsis.model.facts import Account, Component, PasswordHash, Service, StoredSecret, UnidentifiedProgram
from asepsis.model.software import MOST_DEPENDENCIES
from tests.unit.evidence.reading import source_of

DATA = b"some file"


class Does:
    """A reader that emits one account and then does something."""

    def __init__(self, name: str, deed: Exception | None, sureness: Sureness = Sureness.YES, emits: bool = True) -> None:
        self.info = ReaderInfo(name, f"Title of {name}", (Account,), ())
        self._deed, self._sureness, self._emits = deed, sureness, emits

    def recognises(self, path: str, head: bytes) -> Sureness:
        return self._sureness

    def read(self, source: BoundedSource, emit: Emit) -> None:
        if self._emits:
            emit(Account(source.where(line=1), self.info.name))
        if self._deed:
            raise self._deed


def look(*readers: Does, left: int = 100) -> Look:
    done = Look(source_of(DATA, "etc/x"), left)
    done.with_readers(readers)
    return done


def test_a_bug_of_one_reader_is_named_with_the_file_and_the_rest_goes_on():
    seen = look(Does("first", ZeroDivisionError()), Does("second", None))
    assert [fact.name for fact in seen.facts] == ["first", "second"]
    (problem,) = seen.problems
    assert problem.cause is Cause.OUR_BUG
    assert problem.what == f"first failed with ZeroDivisionError on a file with SHA-256 {sha256(DATA).hexdigest()}"


@pytest.mark.parametrize(
    ("kinds", "deed", "hides"),
    [
        ((StoredSecret,), Malformed("cut short"), ("StoredSecret",)),
        ((StoredSecret, PasswordHash), LimitReached("code_bytes", 1, 2), ("PasswordHash", "StoredSecret")),
        ((StoredSecret,), ZeroDivisionError(), ("StoredSecret",)),
        ((StoredSecret, Account), Malformed("cut short"), ()),
        ((Service,), Malformed("cut short"), ()),
        ((StoredSecret,), LimitReached("facts", 1, 2), ()),
        ((StoredSecret,), LimitReached("read_one_file_seconds", 1, 2), ()),
        ((StoredSecret,), MemoryError(), ()),
        ((StoredSecret,), Sealed("this database is encrypted"), ()),
    ],
)
def test_what_one_reader_of_secrets_could_not_read_hides_no_other_kind_of_fact(kinds, deed: Exception, hides: tuple[str, ...]):
    reader = Does("first", deed, emits=False)
    reader.info = replace(reader.info, emits=kinds)
    (problem,) = look(reader).problems
    assert problem.hides == hides


def test_a_bug_in_recognising_is_caught_too():
    class Blind(Does):
        def recognises(self, path: str, head: bytes) -> Sureness:
            raise KeyError(path)

    seen = look(Blind("blind", None), Does("second", None))
    assert [problem.cause for problem in seen.problems] == []
    assert [fact.name for fact in seen.facts] == ["second"]


def test_broken_input_keeps_its_place_and_what_was_read():
    (problem,) = look(Does("a", Malformed("it ends", line=7))).problems
    assert (problem.cause, problem.where.line, problem.what) == (Cause.BROKEN_INPUT, 7, "Title of a: it ends")


def test_a_reader_that_was_not_sure_and_found_nothing_had_another_format_before_it():
    assert look(Does("a", Malformed("x"), Sureness.MAYBE, emits=False)).problems == []
    assert len(look(Does("a", Malformed("x"), Sureness.MAYBE)).problems) == 1
    assert len(look(Does("a", ValueError("x"), Sureness.MAYBE, emits=False)).problems) == 1


def test_another_format_is_no_problem_and_an_unasked_reader_reads_nothing():
    seen = look(Does("a", NotThisFormat(), emits=False), Does("b", None, Sureness.NO))
    assert (seen.facts, seen.problems, seen.recognised) == ([], [], ["a"])


def test_too_many_facts_end_the_look():
    seen = look(Does("a", None), Does("b", None), Does("c", None), left=1)
    assert [fact.name for fact in seen.facts] == ["a"]
    assert [problem.cause for problem in seen.problems] == [Cause.LIMIT_REACHED]


def test_the_limit_of_one_reader_does_not_end_the_others_but_the_time_of_the_file_does():
    assert len(look(Does("a", LimitReached("parse_file_bytes", 1, 2)), Does("b", None)).facts) == 2
    assert len(look(Does("a", LimitReached("read_one_file_seconds", 1, 2)), Does("b", None)).facts) == 1


def elf(kind: int = 2, machine: int = 40) -> bytes:
    return b"\x7fELF\1\1\1" + bytes(9) + struct.pack("<HH", kind, machine) + bytes(100)


def test_a_program_that_nobody_knows_is_said_to_be_one():
    data = elf()
    done = Look(source_of(data, "bin/pump"), 10)
    done.as_program()
    assert done.facts == [UnidentifiedProgram(done.source.where(), sha256(data).hexdigest(), "arm")]
    assert (done.program, done.identified) == (True, False)


def test_a_program_with_a_version_is_identified():
    done = Look(source_of(elf() + b"\0BusyBox v1.23.2 (2017)\0", "bin/busybox"), 10)
    done.with_patterns(PatternPass(PATTERN_READERS))
    done.as_program()
    assert (done.program, done.identified) == (True, True)
    assert not [fact for fact in done.facts if isinstance(fact, UnidentifiedProgram)]


def test_a_program_that_only_says_what_it_was_built_with_is_not_identified():
    done = Look(source_of(elf() + b"\0libcrypto.so.3\0OpenSSL 3.0.16 11 Feb 2025\0", "opt/pump/agent"), 10)
    done.with_patterns(PatternPass(PATTERN_READERS))
    done.as_program()
    assert (done.program, done.identified) == (True, False)
    assert [fact for fact in done.facts if isinstance(fact, UnidentifiedProgram)]


def test_headers_of_programs():
    big = b"\x7fELF\1\2\1" + bytes(9) + struct.pack(">HH", 3, 8)
    pe = b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0" + struct.pack("<H", 0x8664)
    assert architecture(elf()) == "arm"
    assert architecture(big) == "mips"
    assert architecture(elf(machine=9999)) == "unknown"
    assert architecture(pe) == "x86-64"
    for none in (elf(kind=1), elf()[:10], b"MZ", b"MZ" + bytes(58) + struct.pack("<I", 2**31), b"#!/bin/sh", b""):
        assert architecture(none) is None


def test_needs_that_a_package_has_beyond_the_most_that_are_kept_are_a_stated_limit():
    many = {f"part{number}": "1" for number in range(MOST_DEPENDENCIES + 1)}
    look = Look(source_of(json.dumps({"name": "gui", "version": "1", "dependencies": many}).encode(), "app/node_modules/gui/package.json"), 10)
    look.with_readers([NodePackageReader()])
    (part,) = (fact for fact in look.facts if isinstance(fact, Component))
    assert len(part.depends) == MOST_DEPENDENCIES
    (problem,) = look.problems
    assert (problem.cause, problem.what) == (Cause.LIMIT_REACHED, "gui needs more than 256 other parts, of which the rest was left out")
    assert problem.consequence == "what else it and other parts of this file need is not in the bill of materials"


def test_as_many_needs_as_are_kept_are_no_limit_and_many_packages_over_it_are_one():
    packages = [f"Package: p{number}\nVersion: 1\nStatus: install ok installed\nDepends: {', '.join(f'd{one}' for one in range(size))}\n"
                for number, size in enumerate((256, 257, 300))]  # fmt: skip
    look = Look(source_of("\n".join(packages).encode(), "var/lib/dpkg/status"), 10)
    look.with_readers([DpkgStatusReader()])
    assert [len(fact.depends) for fact in look.facts if isinstance(fact, Component)] == [256, 256, 256]
    assert [problem.what for problem in look.problems] == ["p1 needs more than 256 other parts, of which the rest was left out"]
