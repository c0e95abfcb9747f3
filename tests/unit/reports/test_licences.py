import json
import os
from pathlib import Path

import pytest

from asepsis.reports.licences import EXCEPTIONS, KNOWN, is_expression

SHARED = Path(os.environ.get("ASEPSIS_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data"))
OFFICIAL = SHARED / "h_schemas" / "cyclonedx" / "schema" / "spdx.schema.json"


def test_every_known_licence_is_of_the_spdx_list():
    if not OFFICIAL.exists():
        pytest.skip(f"the list is not there: {OFFICIAL}")
    assert set(json.loads(OFFICIAL.read_text())["enum"]) >= KNOWN | EXCEPTIONS


@pytest.mark.parametrize("text", ["MIT", "(MIT)", "MIT AND (ISC OR Zlib)", "GPL-2.0-only WITH Linux-syscall-note"])
def test_what_is_an_expression(text):
    assert is_expression(text)


@pytest.mark.parametrize(
    "text", ["", "AND", "MIT AND", "MIT MIT", "()", "(MIT", "MIT)", "GPLv2", "MIT WITH MIT", "Linux-syscall-note", "mit", "MIT/ISC"]
)
def test_what_is_none(text):
    assert not is_expression(text)
