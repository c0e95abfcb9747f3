"""The root element of a property list."""

from __future__ import annotations

from asepsis.evidence.reader import Sureness
from asepsis.evidence.readers.network.plist import PlistReader


def test_a_longer_name_that_is_cut_is_no_root():
    for filling in range(1000, 1030):
        assert PlistReader().recognises("etc/x", b"<!--" + b" " * filling + b"<plistxml><dict>") is Sureness.NO
