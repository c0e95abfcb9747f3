"""Names of a program: the links that point at it."""

from __future__ import annotations

import pytest

from asepsis.evidence.reader import NotThisFormat, Sureness
from asepsis.evidence.readers.programs.program_names import MOST_NAMES, ProgramNamesReader
from asepsis.guard import tree
from asepsis.guard.limits import LimitReached
from asepsis.guard.tree import follow_links, walk
from asepsis.model.facts import Fact, ProgramNames
from tests.unit.evidence.reading import read_file, source_of

ELF = b"\x7fELF" + bytes(60)


def test_the_links_to_a_program_are_its_names_in_order():
    (found,) = read_file(ProgramNamesReader(), ELF, "bin/busybox", ("usr/sbin/telnetd", "bin/sh", "bin/sh", "sbin/busybox"))
    assert isinstance(found, ProgramNames)
    assert (found.where.path, found.names) == ("bin/busybox", ("bin/sh", "usr/sbin/telnetd"))


@pytest.mark.parametrize("links", [(), ("sbin/busybox",)])
def test_a_program_of_one_name_says_nothing(links: tuple[str, ...]):
    with pytest.raises(NotThisFormat):
        read_file(ProgramNamesReader(), ELF, "bin/busybox", links)


def test_other_files_and_the_versions_of_a_library_are_none():
    reader = ProgramNamesReader()
    assert reader.recognises("lib/libc.so.0", ELF) is Sureness.NO
    assert reader.recognises("etc/init.d/rcS", b"#!/bin/sh\n") is Sureness.NO
    assert reader.recognises("opt/a.so/pumpd", ELF) is Sureness.YES


def test_more_names_than_any_program_has_are_cut_and_said():
    facts: list[Fact] = []
    with pytest.raises(LimitReached):
        ProgramNamesReader().read(source_of(ELF, "bin/a", [f"bin/{number}" for number in range(MOST_NAMES + 1)]), facts.append)
    (found,) = facts
    assert isinstance(found, ProgramNames)
    assert len(found.names) == MOST_NAMES


def test_every_link_of_a_tree_to_one_program_is_a_name_of_it(tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "busybox").write_bytes(ELF)
    for number in range(400):
        (tmp_path / "bin" / f"applet{number:03}").symlink_to("busybox")
    names = follow_links(walk(tmp_path)).names["bin/busybox"]
    assert len(names) == 400
    assert MOST_NAMES < tree.MOST_NAMES, "what is too much reaches the reader, which says so"
