"""What the user gave: which kind of evidence each artefact is, and whether this version reads it."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from asepsis.evidence.protocols.decoded_text import beginning
from asepsis.evidence.protocols.design_terms import SIGN
from asepsis.evidence.radio.formats import FORMATS
from asepsis.guard.decompressed import GZIP, ZSTD, CannotDecompress, Decompressed
from asepsis.guard.limits import KIB, LimitReached
from asepsis.model.evidence import EvidenceKind

READ = (
    EvidenceKind.FIRMWARE,
    EvidenceKind.DIR,
    EvidenceKind.PCAP,
    EvidenceKind.NETLOG,
    EvidenceKind.BTSNOOP,
    EvidenceKind.SBOM,
    EvidenceKind.VEX,
    EvidenceKind.DESIGN,
)
"""The kinds that have readers."""
SOFTWARE = frozenset({EvidenceKind.FIRMWARE, EvidenceKind.DIR})
"""The kinds that are the device's software itself, in one form or another."""


class CannotRead(Exception):
    """The user asked for something that cannot be read at all; the message is one clear line."""


class UnsupportedEvidence(CannotRead):
    """A kind of evidence that is unknown or has no reader yet."""


@dataclass(frozen=True, slots=True)
class Artefact:
    """One piece of evidence on disk. ``name`` is how reports call it."""

    kind: EvidenceKind
    path: Path
    name: str


_MAGICS = (
    (b"\xd4\xc3\xb2\xa1", EvidenceKind.PCAP),
    (b"\xa1\xb2\xc3\xd4", EvidenceKind.PCAP),
    (b"\x4d\x3c\xb2\xa1", EvidenceKind.PCAP),
    (b"\xa1\xb2\x3c\x4d", EvidenceKind.PCAP),
    (b"\x0a\x0d\x0d\x0a", EvidenceKind.PCAP),
)
_BILL_SIGNS = (
    b'"bomFormat"', b'"bom-ref"', b"cyclonedx.org/schema", b'"spdxVersion"', b"SPDXVersion:", b"spdx.org/rdf/", b"spdx.org/spdx/", b'"SPDXID"',
    b"anchore/syft", b'"foundBy"', b"anchore/grype", b'"ArtifactName"', b"standards.iso.org/iso/19770",
)  # fmt: skip
"""Words of the formats of bills of materials: at the beginning of a text, or at its end."""
_BILL_BEGINS = (b"{", b"[", b"<", b"#", b"-", b"S", b"s")
_VEX_SIGNS = (b"openvex.dev/ns", b'"csaf_version"')
_ZEEK_BEGINS, _ZEEK_SIGNS = (b'{"ts":', b'{"_path":'), (b'"id.orig_h":', b'"uid":', b'"uids":', b'"_path":', b'"software_type":', b'"note":')
_EVE_SIGNS = (b'"event_type":', b'"timestamp":')
"""What a line of Zeek's and of Suricata's logs in JSON holds."""
_HEAD_BYTES = 4096
_BLOCK_BYTES = 160 * KIB
"""Zstandard gives nothing out before a whole block, of up to 128 KiB, has come in."""


def parse(argument: str) -> Artefact:
    """An artefact from ``PATH`` or ``KIND:PATH``; an existing path that looks like the latter wins.

    Raises ``UnsupportedEvidence`` for a kind that cannot be read, ``CannotRead`` if there is no such file.
    """
    given, found, rest = argument.partition(":")
    if found and not Path(argument).exists() and given.isalnum():
        return _artefact(rest, _supported(given))
    path = Path(argument)
    _must_exist(path)
    kind = EvidenceKind.DIR if path.is_dir() else _plain_kind(path)
    return Artefact(kind, path, _name(path))


def _supported(given: str) -> EvidenceKind:
    if given not in set(EvidenceKind):
        raise UnsupportedEvidence(f"{given}: no such kind of evidence; this version reads {_list()}")
    kind = EvidenceKind(given)
    if kind not in READ:
        raise UnsupportedEvidence(f"{given}: evidence of this kind cannot be read yet; this version reads {_list()}")
    return kind


def _artefact(text: str, kind: EvidenceKind) -> Artefact:
    path = Path(text)
    _must_exist(path)
    if (kind is EvidenceKind.DIR) != path.is_dir():
        raise CannotRead(f"{text}: is {'a' if path.is_dir() else 'no'} directory, but was given as {kind}")
    return Artefact(kind, path, _name(path))


def _must_exist(path: Path) -> None:
    try:
        path.stat()
    except FileNotFoundError as error:
        raise CannotRead(f"{path}: there is no such file or directory") from error
    except (OSError, ValueError):
        # Not permitted, say: a problem of this piece of evidence, found again when it is read.
        return


def _plain_kind(path: Path) -> EvidenceKind:
    """By its first and last bytes, whatever it is called; what nobody knows is firmware."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
            file.seek(max(0, path.stat().st_size - _HEAD_BYTES))
            tail = file.read(_HEAD_BYTES)
    except OSError:
        return EvidenceKind.FIRMWARE
    recorded = _recorded_kind(head) or _recorded_kind(_decompressed(head, path))
    if recorded:
        return recorded
    begun, ended = beginning(head), tail.replace(b"\0", b"")  # in UTF-16 every second byte is a zero
    if begun.startswith(b"{") and any(sign in text for sign in _VEX_SIGNS for text in (begun, ended)):
        return EvidenceKind.VEX
    if b"\0" not in head and SIGN.search(head):
        return EvidenceKind.DESIGN
    bill = begun.startswith(_BILL_BEGINS) and any(sign in text for sign in _BILL_SIGNS for text in (begun, ended))
    return EvidenceKind.SBOM if bill else EvidenceKind.FIRMWARE


def _recorded_kind(head: bytes) -> EvidenceKind | None:
    """A capture, or the log of a network monitor: its first line says so, after comments."""
    for magic, kind in _MAGICS:
        if head.startswith(magic):
            return kind
    if any(begins(head) for begins, _read in FORMATS):
        return EvidenceKind.BTSNOOP
    line = head.partition(b"\n")[0].replace(b'": ', b'":')
    eve = line.startswith(b"{") and all(sign in line for sign in _EVE_SIGNS)
    zeek = line.startswith(_ZEEK_BEGINS) and any(sign in line for sign in _ZEEK_SIGNS)
    return EvidenceKind.NETLOG if eve or zeek or head.startswith((b"#separator ", b"#separator\t")) else None


def _decompressed(head: bytes, path: Path) -> bytes:
    """The beginning of what is compressed with gzip or zstandard, else nothing."""
    try:
        if head.startswith(ZSTD):
            with path.open("rb") as file:
                head = file.read(_BLOCK_BYTES)
        return Decompressed(BytesIO(), head).read1(_HEAD_BYTES) if head.startswith((GZIP, ZSTD)) else b""
    except (OSError, CannotDecompress, LimitReached):
        return b""


def _name(path: Path) -> str:
    return path.name or path.resolve().name or "/"


def _list() -> str:
    *others, last = (f"{kind}:PATH" for kind in READ)
    return f"{', '.join(others)} and {last}"
