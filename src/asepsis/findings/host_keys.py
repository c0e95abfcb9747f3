"""Keys by which a service is known: whoever has one poses as the device towards those who log in (RFC 4251, 4.1)."""

from __future__ import annotations

from collections.abc import Iterable

from asepsis.findings.log_ins import Entry
from asepsis.findings.rule import Facts
from asepsis.findings.ways_in import WayIn
from asepsis.findings.witness import unique
from asepsis.findings.words import PROPOSAL
from asepsis.model.claim import THIS, claim
from asepsis.model.evidence import EvidenceKind
from asepsis.model.facts import Auth, PrivateKey

_PROGRAMS = ("dropbear", "sshd")


def known_by(facts: Facts, key: PrivateKey, ways: Iterable[WayIn]) -> Entry:
    """The claims that each of ``ways`` which asks for a password is known by the host key ``key``, if every unit has the same.

    That is so in a firmware image; a folder may be of one unit, which made its key itself, unless a second unit was seen with it.
    """
    if key.purpose != "ssh-host" or not (facts.kind_of(key.where) is EvidenceKind.FIRMWARE or facts.units_with(key.secret.digest)):
        return Entry()
    known = [way for way in ways if way.auth in {Auth.PASSWORD, Auth.UNKNOWN} and _is_of(key, way)]
    claims = [one for way in known for one in (claim("identifies", THIS, key.secret.digest, way.id), *way.claims())]
    unsure = [f"{way.label} is taken to accept passwords: its settings do not say {PROPOSAL}" for way in known if way.auth is Auth.UNKNOWN]
    return Entry(claims=unique(claims), assumes=unique((*(text for way in known for text in way.assumes), *unsure)))


def _is_of(key: PrivateKey, way: WayIn) -> bool:
    """Whether the service is of the program whose key this is, in the same evidence."""
    program = next((name for name in _PROGRAMS if name in key.where.path), "sshd")
    named = way.programs.intersection(_PROGRAMS)
    return (not named or program in named) and key.where.evidence in {where.evidence for where in way.locations}
