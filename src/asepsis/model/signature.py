"""A signature: how a part of the software says its version in a program, who makes it, and the examples that prove it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Says:
    """One way in which a part says its version: a byte ``regex`` whose group is the version; several groups are numbers, joined with dots.

    Where the number stands apart from the words, ``number`` is looked for, as a whole string, within ``within`` bytes of the regex: the nearest
    counts. ``file`` is the name a file must have for this way to count; ``own_name`` that the match must be in the library's own name (DT_SONAME),
    ``itself`` that the file must be the part. ``needs`` is text that the file must hold anywhere, ``absent`` text that it must not. ``engine`` is
    what the pattern engine looks for instead, ``before`` covers the longest match.
    """

    regex: str
    number: str = ""
    within: int = 65_536
    file: str = ""
    own_name: bool = False
    itself: bool = False
    needs: str = ""
    absent: str = ""
    engine: str = ""
    before: int = 96
    after: int = 24


@dataclass(frozen=True, slots=True)
class SignatureExample:
    r"""What a file holds, and the ``version`` that is read there: none if it is a negative example. ``\0`` parts strings."""

    text: str
    version: str = ""
    path: str = "usr/bin/x"


@dataclass(frozen=True, slots=True)
class Signature:
    """A part of the software. ``id`` is its name in a package URL (``pkg:generic/openssh``), ``cpe`` the NVD's ``vendor:product``.

    ``product`` is an id of the end-of-support table. ``library`` is how the names of its shared libraries begin, ``program`` the names of its
    programs: they tell the part itself from a program that was built with it. ``inside`` is text that its code brings into whatever it is linked
    into, where its version alone may also come from its headers. A ``system`` is a kernel or a real-time system. With ``text``,
    files of text are witnesses too. The earlier of two ``says`` is the better witness.
    """

    id: str
    name: str
    says: tuple[Says, ...]
    example: tuple[SignatureExample, ...]
    supplier: str
    licence: str
    cpe: str = ""
    product: str = ""
    library: str = ""
    program: str = ""
    inside: str = ""
    system: bool = False
    text: bool = False
