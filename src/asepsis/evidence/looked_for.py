"""Which kinds of fact were looked for, and for each of the others why not, in words. Silence must not look like health."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from asepsis.evidence.radio.look import emitted as emitted_by_radio
from asepsis.evidence.readers import FILE_READERS, PATTERN_READERS
from asepsis.evidence.readers.designs import DESIGN_READERS
from asepsis.evidence.wire.look import emitted
from asepsis.model.facts import FACT_KINDS, Confidence, Fact, Flow, HostileContainer, Program, RadioLink, RuleMatch, UnidentifiedProgram
from asepsis.model.reading import LookedFor

_CAPTURE = "no configured clinical link is in the evidence, and traffic needs a network capture: none was given"
_ONLY_TRAFFIC = "a capture shows only what was used while it was recorded; the device's software was not looked at"
_DOSES = frozenset({"DoseSign", "DoseDoubt", "OrderSeen", "ReportSeen", "DoseTraffic"})
"""What only traffic shows, and says itself where it does not decide."""
_RADIO = "needs a recording of Bluetooth traffic (btsnoop, HCI log or sniffer's capture): none was given"
_ONLY_RADIO = "a recording of radio traffic shows only what was done on the air while it lasted; the device's software was not looked at"
_UNJUDGED = (
    "the recording of radio traffic was read, and no rule of this version judges yet what it shows; a declared design is judged: none was given"
)
_ONLY_LOGS = "a network monitor's log holds only what it was told to write down; for more, a network capture is needed: none was given"
_NOT_YET: dict[str, str] = {
    "Flow": _CAPTURE,
    "RadioLink": "needs a declared design of the device: none was given",
    "SystemPart": "needs a declared design of the device: none was given",
    **dict.fromkeys(emitted_by_radio(), _RADIO),
    "KnownVulnerability": "needs a database of published flaws; this version carries none",
    "MalformedInputEffect": "needs a test on the bench; nothing in a file shows it",
    "HardwareAccess": "needs the device itself or its design; no boot loader's settings that this version knows are in the evidence",
    **dict.fromkeys(
        ("OverheardSecret", "TlsSession", "ServiceUse", "ShownKey", "NetworkDevice", "Conversed", "Disturbance", *sorted(_DOSES)),
        "needs a network capture: none was given",
    ),
    "UpdateMechanism": "no update script and no package manager that this version knows is in the evidence",
}
_DECLARED = "only the declared design was asked, and nobody compared that with the device"
_NOT_DECLARED = "the declared design names none, which does not show that the device has none"
_NARROW = frozenset({"UpdateMechanism", "Flow", "HardwareAccess"})
"""Kinds that only one special reader knows: looked for only where it recognised its file, since other mechanisms stay unseen."""

_BY_FILES: dict[str, frozenset[str]] = {
    reader.info.name: frozenset(kind.__name__ for kind in reader.info.emits) for reader in FILE_READERS if reader not in DESIGN_READERS
}
_BY_TRAFFIC, _BY_RADIO = frozenset(emitted()), frozenset(emitted_by_radio())
_BY_DESIGN = frozenset(kind.__name__ for reader in DESIGN_READERS for kind in reader.info.emits)
_BY_PATTERNS = frozenset(kind.__name__ for reader in PATTERN_READERS for kind in reader.info.emits) | {UnidentifiedProgram.__name__, Program.__name__}


def looked_for(  # noqa: PLR0913 - what was looked at, each by its name
    facts: Sequence[Fact],
    recognised: Collection[str],
    *,
    members: int,
    searched: int,
    unpacked: bool,
    shut: Mapping[str, str],
    rules: bool = False,
    captures: Collection[str] = (),
    logs: Collection[str] = (),
    designs: Collection[str] = (),
    radios: Collection[str] = (),
) -> tuple[LookedFor, ...]:
    """One entry for each kind of fact.

    ``members`` counts files that came out of a container or a directory and were looked at, ``searched`` those whose bytes were searched
    for patterns, ``unpacked`` says that unpacking ran at all, ``shut`` gives for each evidence that gave nothing the reason,
    ``rules`` that the user gave pattern rules: nobody expects what they describe without them. ``captures`` are the ids of the evidence that is
    traffic: of what software shows too, it proves nothing absent. ``logs`` are those of the evidence that is what a network monitor wrote down of it:
    what that does not say proves nothing. ``designs`` are those of declared designs: what only they say was looked for in them, and the reason says
    what that is worth. ``radios`` are those of recorded radio traffic.
    """
    by_files = frozenset[str]().union(*(_BY_FILES[name] for name in recognised if name in _BY_FILES))
    all_files = frozenset[str]().union(*_BY_FILES.values())
    seen = {type(fact).__name__ for fact in facts if not _only_an_address(fact) and fact.where.evidence not in {*captures, *logs, *designs, *radios}}
    declared = {type(fact).__name__ for fact in facts if fact.where.evidence in designs} if designs else None
    looked = set(seen | by_files)
    if captures:
        looked |= _BY_TRAFFIC - (all_files | _BY_PATTERNS) | {Flow.__name__}
    if radios:
        looked |= _BY_RADIO
    if members:
        looked |= (all_files | _BY_PATTERNS) - _NARROW
    elif searched:
        looked |= _BY_PATTERNS - all_files - _NARROW
    if rules and (members or searched):
        looked.add(RuleMatch.__name__)
    if unpacked:
        looked.add(HostileContainer.__name__)
    return tuple(
        _declared(_unjudged(_entry(kind.__name__, looked, shut, _ONLY_TRAFFIC if captures else _ONLY_LOGS if logs else ""), radios), declared)
        for kind in FACT_KINDS
        if rules or kind is not RuleMatch
    )


def _only_an_address(fact: Fact) -> bool:
    """A flow of which nothing but the other end is known: whoever found it has not looked at the device's traffic."""
    return (
        isinstance(fact, Flow)
        and bool(fact.peer)
        and fact.encrypted is None
        and fact.authenticated is None
        and fact.confidence is not Confidence.CONFIRMED
    )


def _unjudged(entry: LookedFor, radios: Collection[str]) -> LookedFor:
    """Radio links, if a recording shows some: "a design is missing" alone would sound as if all that was given had been judged."""
    return LookedFor(entry.kind, looked=False, reason=_UNJUDGED) if radios and entry.kind == RadioLink.__name__ and not entry.looked else entry


def _declared(entry: LookedFor, declared: Collection[str] | None) -> LookedFor:
    """What else was not looked for, if a design speaks of it; ``declared`` are the kinds of its facts, None if there is no design."""
    if declared is None or entry.looked or entry.kind not in _BY_DESIGN:
        return entry
    return (
        LookedFor(entry.kind, looked=True, reason=_DECLARED) if entry.kind in declared else LookedFor(entry.kind, looked=False, reason=_NOT_DECLARED)
    )


def _entry(kind: str, looked: set[str], shut: Mapping[str, str], heard: str) -> LookedFor:
    if kind in looked:
        return LookedFor(kind, looked=True)
    if heard and kind in _BY_TRAFFIC:
        return LookedFor(kind, looked=False, reason=heard)
    if kind in _NOT_YET:
        return LookedFor(kind, looked=False, reason=_NOT_YET[kind])
    return LookedFor(kind, looked=False, reason="; ".join(f"{why} {name}" for name, why in sorted(shut.items())) or "there was no file to look at")
