"""One secret in several places: shown by equal keyed digests, so that nothing of it is said."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from asepsis.model.secret import SecretKind
from asepsis.model.where import Where


class Sharing(StrEnum):
    """How far a secret is shared.

    ``UNITS``: two images, or two trees, hold it: taken as two units of the model. ``PIECES``: two pieces of evidence of different kinds hold it
    (an image and a tree may be of the same unit). ``HALVES``: one piece holds a private key, another its public half. ``WIRE``: the software holds
    it, and recorded traffic has it in clear. ``ONE``: twice in one piece.
    """

    UNITS = "units"
    PIECES = "pieces"
    HALVES = "halves"
    WIRE = "wire"
    ONE = "one"


@dataclass(frozen=True, slots=True)
class PublicHalf:
    """Where the public half of a private key lies: ``what`` is ``authorised key``, ``certificate`` or, in traffic, ``shown key``.

    ``whose`` is an account, a subject, or the server that shows it.
    """

    what: str
    whose: str
    where: Where


@dataclass(frozen=True, slots=True)
class Sent:
    """Where recorded traffic has a secret in clear: ``to`` which service, and who refused it is none."""

    to: str
    where: Where


@dataclass(frozen=True, slots=True)
class SharedSecret:
    """A secret that lies in more than one place.

    ``what`` is what it is called (``private key``); ``evidence`` are the ids of the pieces that hold it or its public half, without copies of one
    another; ``places`` are where it lies itself, ``more`` how many further places were left out; ``public`` its public halves in other pieces of
    evidence; ``sent`` is where it crossed the network; ``findings`` the ids of the findings about it.
    """

    digest: str
    kind: SecretKind
    what: str
    sharing: Sharing
    evidence: tuple[str, ...]
    places: tuple[Where, ...]
    more: int = 0
    public: tuple[PublicHalf, ...] = ()
    sent: tuple[Sent, ...] = ()
    findings: tuple[str, ...] = ()
