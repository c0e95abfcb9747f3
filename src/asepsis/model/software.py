"""Facts about software: what is in the device, how its parts hang together, what its maker says of published flaws."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from asepsis.model.fact import Confidence, Fact

MOST_DEPENDENCIES = 256
"""More needs of one part are not kept; that there were more is a problem of the reading."""


class VexStatus(StrEnum):
    """What is said of a published flaw and a part (the four product states that OpenVEX, CycloneDX VEX and CSAF VEX share)."""

    AFFECTED = "affected"
    NOT_AFFECTED = "not_affected"
    FIXED = "fixed"
    UNDER_INVESTIGATION = "under_investigation"

    @property
    def closes(self) -> bool:
        """Whether nothing is left to do about the flaw where this is true."""
        return self in {VexStatus.NOT_AFFECTED, VexStatus.FIXED}


class Justification(StrEnum):
    """Why a part is not affected (CSAF 2.0, 3.2.3.3 flags; OpenVEX uses the same words)."""

    COMPONENT_NOT_PRESENT = "component_not_present"
    CODE_NOT_PRESENT = "vulnerable_code_not_present"
    CODE_NOT_IN_EXECUTE_PATH = "vulnerable_code_not_in_execute_path"
    CODE_NOT_CONTROLLED_BY_ADVERSARY = "vulnerable_code_cannot_be_controlled_by_adversary"
    MITIGATED_INLINE = "inline_mitigations_already_exist"


@dataclass(frozen=True, slots=True)
class Component(Fact):
    """A piece of software with a version.

    ``product`` is an id of the end-of-support table, or empty when not in it; ``method`` says how it was identified. ``purl`` is its package URL
    as the ecosystem would write it, with the full version of the package (``pkg:deb/debian/libssl1.1@1.1.1n-0%2Bdeb11u3?distro=debian-11&upstream=
    openssl``); ``cpe`` its CPE 2.3 name. Both are empty when nothing says them: neither is ever guessed from a name alone. ``licence`` is as its
    source writes it; ``depends`` names parts that it needs, in a study at most ``MOST_DEPENDENCIES``; ``patched`` the ids of flaws that its own
    metadata call mended; ``sha256`` is of the file at ``where`` when that file is the part itself.
    """

    name: str
    version: str
    product: str = ""
    method: str = ""
    confidence: Confidence = Confidence.LIKELY
    purl: str = ""
    cpe: str = ""
    supplier: str = ""
    licence: str = ""
    sha256: str = ""
    depends: tuple[str, ...] = ()
    patched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnidentifiedProgram(Fact):
    """An executable whose name and version were not recognised."""

    sha256: str
    architecture: str = ""


@dataclass(frozen=True, slots=True)
class Program(Fact):
    """An executable in which a part of the software was recognised (it may be that part, or hold it), or that a named package brought."""

    sha256: str
    architecture: str = ""


@dataclass(frozen=True, slots=True)
class PackagedFiles(Fact):
    """The ``files`` (paths in their tree) that a ``package`` brought and that may be programs. Only known while evidence is read: see ``join``."""

    package: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Linkage(Fact):
    """What a program or library is linked with: its own ``soname``, the libraries it ``needs``, the functions it ``imports`` from them."""

    soname: str = ""
    needs: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProgramNames(Fact):
    """The other ``names`` (paths in its tree) of the program at ``where``: links to it. A multi-call program does something else under each."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KernelOption(Fact):
    """A setting of the kernel's build: ``name`` without ``CONFIG_``; ``value`` is ``y``, ``m``, ``n`` or as written."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class KernelModule(Fact):
    """A loadable module, or one built in: its ``source`` path in the kernel tree (``net/bluetooth/bluetooth``) if known."""

    name: str
    source: str = ""
    vermagic: str = ""
    built_in: bool = False
    depends: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VexClaim(Fact):
    """What somebody says of a flaw and a part, in a VEX document or bill of materials. A claim, not evidence.

    ``vulnerability`` is its id (and ``aliases``); the part is named by ``component`` and, if given, ``version``, ``purl``, ``cpe`` or the
    ``sha256`` of its files; empty all means the whole device. ``product`` is what the part is said to lie in, with the digests of that
    (``product_sha256``). ``said_by`` is the author, ``stated`` the moment (ISO, UTC), both empty when the document does not say; ``detail`` the text
    beside the status.
    """

    vulnerability: str
    status: VexStatus
    justification: Justification | None = None
    component: str = ""
    version: str = ""
    purl: str = ""
    cpe: str = ""
    said_by: str = ""
    detail: str = ""
    aliases: tuple[str, ...] = ()
    sha256: tuple[str, ...] = ()
    product: str = ""
    product_sha256: tuple[str, ...] = ()
    stated: str = ""
