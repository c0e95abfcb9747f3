"""The version of a part by the name of its debugging symbols: the section ``.gnu_debuglink``.

A program whose symbols were split off holds the name of their file (GDB manual, *Debugging Information in Separate Files*). Where RPM built it, that
is ``FILE-VERSION-RELEASE.ARCH.debug`` (find-debuginfo, ``--unique-debug-names``); elsewhere ``FILE.debug``. FILE tells which part it is, by
the names of its programs and libraries (``knowledge/data/signatures``), even where the program itself was renamed.

Known ways it lies: the release may hold mends that its version does not show. Many packages have a ``ping`` or an ``ftp``: the name of a program
counts only if the part's own is in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from asepsis.evidence.patterns import Match, Pattern
from asepsis.evidence.reader import Emit, ReaderInfo
from asepsis.guard.source import BoundedSource
from asepsis.knowledge.signatures import cpe_of, purl_of, shipped_signatures
from asepsis.model.facts import Component
from asepsis.model.signature import Signature

METHOD = "name of its debugging symbols"
_MACHINES = rb"x86_64|aarch64|armv[5-8]\w{1,4}|i[3-6]86|ppc(?:64(?:le)?)?|s390x?|mips\w{0,8}|riscv64|loongarch64"
_LINK = rb"(?<![\w.+-])([A-Za-z][\w.+-]{1,80})-(\d[\w.+~^]{0,40})-[\w.+~^]{1,40}\.(?:" + _MACHINES + rb")\.debug(?![\w.])"

_SNAPSHOT = re.compile(r"[+^].*")
"""What RPM's packagers add to the version: ``2.1.0~beta3+git.1647772157``."""


class DebugLinkReader:
    """Emits a :class:`Component` for each name that is a part's own."""

    info = ReaderInfo("debug_link", "Software and versions by the names of debugging symbols", (Component,), ("ELF",))
    patterns = (Pattern("debug link", rb"\.(?:" + _MACHINES + rb")\.debug", _LINK, before=256, after=2),)

    def read_matches(self, source: BoundedSource, matches: Sequence[Match], emit: Emit) -> None:
        """One fact for each version of each part."""
        seen: set[tuple[str, str]] = set()
        for match in matches:
            file, number = (group.decode("ascii", "replace") for group in match.groups)
            version = _SNAPSHOT.sub("", number).replace("~", "-")
            part = part_of(file)
            if part is not None and (part.id, version) not in seen:
                seen.add((part.id, version))
                where = source.where(offset=match.start)
                url, name = purl_of(part, version), cpe_of(part, version)
                emit(Component(where, part.name, version, part.product, METHOD, purl=url, cpe=name, supplier=part.supplier, licence=part.licence))


def part_of(file: str) -> Signature | None:
    """The part whose program or library is called ``file``; None where none or several are."""
    parts = [part for part in shipped_signatures() if not part.system and _is_called(part, file)]
    return parts[0] if len(parts) == 1 else None


def _is_called(part: Signature, file: str) -> bool:
    library = bool(part.library) and ".so" in file and re.match(part.library, file) is not None
    own = part.id in file.lower().replace("_", "-")
    return library or (own and bool(part.program) and re.fullmatch(part.program, file) is not None)
