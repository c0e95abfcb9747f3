r"""Hives of the Windows registry: ``SYSTEM``, ``SOFTWARE``, ``SAM``, ``SECURITY``, ``NTUSER.DAT``.

Format ``regf`` 1.3 to 1.6 as described by public documentation of the format; the codec is in ``protocols/registry/hive.py``. Which hive it is shows
by the names below its root, not by the name of the file. Of ``SYSTEM`` only the control set that ``Select\Current`` names is read.

Known ways it lies: after a hard stop the newest changes are in the ``.LOG`` files beside the hive and not in it, which is said; a policy in another
hive outweighs a setting; values that are not there have the default of their release; the passwords of accounts stay encrypted under the boot key
of the ``SYSTEM`` hive, so only that they are there is read.
"""

from __future__ import annotations

from asepsis.evidence.protocols.registry.hive import MAGIC, Broken, Hive, Node, walk
from asepsis.evidence.protocols.registry.meanings import EMITS, WANTED
from asepsis.evidence.reader import Emit, Malformed, ReaderInfo, Signs, Sureness, begins
from asepsis.guard.source import BoundedSource

_DEFAULT_SET = 1


class RegistryHiveReader:
    """Emits what :mod:`asepsis.evidence.protocols.registry.meanings` knows of."""

    info = ReaderInfo("registry_hive", "Hives of the Windows registry", EMITS, ("SYSTEM", "SOFTWARE", "SAM", "SECURITY", "NTUSER.DAT"))
    signs = Signs(heads=(begins(MAGIC),))

    def recognises(self, path: str, head: bytes) -> Sureness:  # noqa: ARG002 - any name will do
        """By its signature."""
        return Sureness.YES if head.startswith(MAGIC) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Wanted keys only. Raises ``Malformed`` for the first thing that could not be followed, after everything else was read."""
        hive = Hive(source)
        try:
            root = hive.root()
            for node, path in _starts(hive, root):
                below = WANTED.reach(path.split("\\")) if path else (WANTED,)
                for key, meanings in walk(hive, node, below, path):
                    for meaning in meanings:
                        meaning(source, key, emit)
        except Broken as error:
            raise Malformed(error.what, offset=error.offset) from error
        if hive.broken:
            raise Malformed(f"{hive.broken[0].what} ({len(hive.broken)} such faults)", offset=hive.broken[0].offset)
        if not hive.clean:
            raise Malformed("it was not closed cleanly: the newest changes are in its .LOG files, which are not read", offset=4)


def _starts(hive: Hive, root: Node) -> list[tuple[Node, str]]:
    """The nodes to begin at, with the paths that they stand for."""
    below = {child.name.lower(): child for child in hive.children(root)}
    if "select" in below:
        return _system(hive, below)
    if "sam" in below and "domains" in {child.name.lower() for child in hive.children(below["sam"])}:
        return [(below["sam"], "sam")]
    if "policy" in below:
        return [(root, "security")]
    if "software" in below:
        return [(below["software"], "software")]
    return [(root, "software")] if "microsoft" in below else []


def _system(hive: Hive, below: dict[str, Node]) -> list[tuple[Node, str]]:
    """The current control set, and what lies beside it."""
    number = hive.key(below["select"], "").number("current") or _DEFAULT_SET
    current = below.get(f"controlset{number:03d}")
    beside = [(node, f"system\\{name}") for name, node in below.items() if name != "current" and WANTED.reach(["system", name])]
    return [*([(current, "system\\current")] if current else []), *beside]
