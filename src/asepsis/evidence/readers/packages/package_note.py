"""The package that a program was built as: the note ``.note.package`` that Fedora, Debian, Alpine's and Yocto's tools can put into it.

An ELF note of the owner ``FDO`` and type 0xCAFE1A7E, whose content is JSON (UAPI group, *Package metadata for executable files*): ``type`` (as in a
package URL), ``os`` (the ID of os-release), ``name``, ``version`` of the whole package, ``architecture``.

Known ways it lies: it names the source package with some tools and the binary one with others; a program that was patched afterwards keeps it.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

from asepsis.evidence.patterns import Match, Pattern
from asepsis.evidence.protocols.json_object import json_object, string
from asepsis.evidence.protocols.products import product_of, upstream_version
from asepsis.evidence.protocols.purl import purl
from asepsis.evidence.reader import Emit, Malformed, ReaderInfo
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Component, Confidence

_ORDERS = {b"\x7e\x1a\xfe\xca": "<", b"\xca\xfe\x1a\x7e": ">"}
_BEFORE_TYPE = 8
_MOST_BYTES = 16 * 1024
_KINDS = frozenset({"deb", "rpm", "apk", "alpm", "opkg"})
_DISTRIBUTIONS = frozenset({"debian", "ubuntu", "fedora", "centos", "alpine", "arch", "opensuse", "yocto"})


class PackageNoteReader:
    """Emits a :class:`Component` for each note."""

    info = ReaderInfo("package_note", "Packages that programs say they are of", (Component,), ("ELF",))
    patterns = (Pattern("package note", rb"(?:\x7e\x1a\xfe\xca|\xca\xfe\x1a\x7e)FDO\x00\{", before=16, after=0),)

    def read_matches(self, source: BoundedSource, matches: Sequence[Match], emit: Emit) -> None:
        """Each note. Raises ``Malformed`` if one is no JSON."""
        for match in matches:
            start = match.start
            if start < _BEFORE_TYPE:
                continue
            owner, length = struct.unpack(_ORDERS[match.text[:4]] + "II", source.window(start - _BEFORE_TYPE, _BEFORE_TYPE).buffer)
            if owner != len(b"FDO\0") or not 0 < length <= min(_MOST_BYTES, source.size - start - 8):
                continue
            try:
                said = json_object(bytes(source.window(start + 8, length).buffer).rstrip(b"\0"))
            except Malformed as error:
                raise Malformed("the note about its package is no JSON", offset=start) from error
            name, version, kind, system = (string(said, key) for key in ("name", "version", "type", "os"))
            if name:
                url = purl(kind, name, version, namespace=system, arch=string(said, "architecture")) if _is_known(kind, system) else ""
                where, plain = source.where(offset=start), upstream_version(version)[:128]
                emit(Component(where, name[:128], plain, product_of(name), "package note", Confidence.CONFIRMED, url))


def _is_known(kind: str, system: str) -> bool:
    """A package URL needs both; what some maker calls its own build is none."""
    return kind in _KINDS and system in _DISTRIBUTIONS
