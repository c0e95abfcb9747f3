"""The search that spares most scripts from being taken apart knows every program that opens a way in."""

from __future__ import annotations

import pytest

from asepsis.evidence.protocols.commands import OPENERS
from asepsis.evidence.protocols.started import CALLERS
from asepsis.evidence.readers.config.called_script import _WORTH_READING


@pytest.mark.parametrize("name", sorted({*OPENERS, *CALLERS}))
def test_no_program_that_opens_a_way_in_is_passed_over(name: str):
    assert _WORTH_READING.search(f"#!/bin/sh\n{name} -x\n".encode())


def test_a_script_that_names_none_of_them_is():
    assert _WORTH_READING.search(b"#!/bin/sh\nls /tmp\necho done\n") is None
