"""What programs are linked with."""

from __future__ import annotations

import pytest

from asepsis.evidence.protocols.elf import DT_NEEDED, DT_SONAME
from asepsis.evidence.reader import Malformed, NotThisFormat
from asepsis.evidence.readers.programs.linkage import MOST_IMPORTS, LinkageReader
from asepsis.guard.limits import LimitReached
from asepsis.model.facts import Fact
from tests.unit.evidence.made_programs import MIPS, elf
from tests.unit.evidence.reading import read_file, source_of


@pytest.mark.parametrize("shape", [{}, {"wide": False, "big": True, "machine": MIPS}], ids=["64 bit little", "32 bit big"])
def test_a_library_says_its_name_what_it_needs_and_what_it_takes(shape):
    paths = [(DT_SONAME, "libpump.so.1"), (DT_NEEDED, "libssl.so.1.1"), (DT_NEEDED, "libc.so.6")]
    (fact,) = read_file(LinkageReader(), elf(imports=("printf", "SSL_read"), paths=paths, **shape), "usr/lib/libpump.so.1")
    assert (fact.soname, fact.needs, fact.imports) == ("libpump.so.1", ("libssl.so.1.1", "libc.so.6"), ("SSL_read", "printf"))


def test_a_program_has_no_name_of_its_own():
    (fact,) = read_file(LinkageReader(), elf(paths=[(DT_NEEDED, "libc.so.6")]), "usr/bin/agent")
    assert (fact.soname, fact.needs) == ("", ("libc.so.6",))


def test_of_very_many_imports_the_first_are_kept_and_the_rest_is_said():
    facts: list[Fact] = []
    with pytest.raises(LimitReached, match="imported_functions"):
        LinkageReader().read(source_of(elf(imports=[f"f{number:05}" for number in range(MOST_IMPORTS + 5)]), "usr/bin/agent"), facts.append)
    assert [len(fact.imports) for fact in facts] == [MOST_IMPORTS]


def test_a_large_program_keeps_all_its_imports():
    (fact,) = read_file(LinkageReader(), elf(imports=[f"f{number:05}" for number in range(5_000)]), "usr/bin/agent")
    assert len(fact.imports) == 5_000


def test_a_static_program_and_an_object_file_are_linked_with_nothing():
    for data in (elf(imports=(), interpreter=b""), elf(kind=1)):
        with pytest.raises(NotThisFormat):
            read_file(LinkageReader(), data, "usr/bin/agent")


def test_a_program_that_is_cut_short_is_said():
    with pytest.raises(Malformed):
        read_file(LinkageReader(), elf()[:80], "usr/bin/agent")
