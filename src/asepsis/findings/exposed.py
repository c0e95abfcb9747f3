"""A finding about one way in: what all rules of services have in common."""

from __future__ import annotations

from collections.abc import Iterable

from asepsis.findings.dismissals import dismissed
from asepsis.findings.rule import RuleInfo, found
from asepsis.findings.ways_in import WayIn
from asepsis.findings.words import short, zone_words
from asepsis.model.claim import Claim
from asepsis.model.dismissed import Dismissed
from asepsis.model.facts import Auth
from asepsis.model.finding import Found

_ASKS = {
    Auth.NONE: "it asks for no password",
    Auth.PASSWORD: "it asks for a password",
    Auth.KEY: "it asks for a key",
    Auth.MUTUAL: "both sides must show a key",
    Auth.UNKNOWN: "what it asks for is not known",
}


def exposed(
    info: RuleInfo,
    way: WayIn,
    *,
    title: str,
    auth: Auth | None = None,
    claims: Iterable[Claim] = (),
    assumes: Iterable[str] = (),
    cwe: tuple[int, ...] = (),
) -> Found:
    """The finding that ``way`` is there: with its claims, what showed it, what it asks for and where it is reached from."""
    said = f"reached from {zone_words(way.zone)}; {_ASKS[auth or way.auth]}"
    return found(
        info,
        subject=way.id,
        title=title,
        certainty=way.certainty,
        confidence=way.confidence,
        locations=way.locations,
        claims=(*way.claims(auth), *claims),
        shown_by=way.shown_by,
        facts=(said, *way.details),
        assumes=(*way.assumes, *assumes),
        cwe=cwe,
    )


def set_aside(info: RuleInfo, way: WayIn) -> Dismissed:
    """A way in that lets nobody in, and why."""
    return dismissed(info, way.exemption, way.exempt, way.locations[0])


def sentence(way: WayIn, rest: str) -> str:
    """``rest`` said of ``way``, with a capital letter."""
    label = short(way.label)
    return f"{label[0].upper()}{label[1:]} {rest}"
