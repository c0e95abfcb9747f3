"""``opkg.conf`` and its like: where a device takes software from, and whether it checks the signature.

``src/gz NAME URL`` lines and ``option check_signature`` (opkg 0.6). Without that option any package that arrives is installed.

Known ways it lies: packages may be installed by hand whatever this file says; the check covers the list of packages, whose hashes cover the
packages.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.text import word_lines
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import UpdateMechanism, Zone

_PATH = re.compile(r"(?:^|/)etc/opkg\.conf$")


class OpkgConfReader:
    """Emits one :class:`UpdateMechanism` ``opkg``."""

    info = ReaderInfo("opkg_conf", "Settings of the package manager", (UpdateMechanism,), ("etc/opkg.conf",))
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only."""
        return Sureness.YES if _PATH.search(path) and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """The whole file."""
        checked, line, clear = False, 1, None
        for number, words in word_lines(source.lines()):
            if words[0] == "option" and words[1:2] == ["check_signature"]:
                checked, line = words[2:3] not in (["0"], ["no"], ["false"]), number
            elif words[0].startswith("src") and len(words) > 2:  # noqa: PLR2004
                clear = bool(clear) or words[2].startswith("http://")
        emit(
            UpdateMechanism(
                source.where(line=line),
                "opkg",
                Zone.DEVICE_NETWORK,
                signature_checked=checked,
                transport_protected=None if clear is None else not clear,
            )
        )
