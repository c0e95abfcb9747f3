"""Devices that recorded traffic shows, in words: how many of which kind, and each with what says so."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from asepsis.model.dose import AT_THE_BEDSIDE
from asepsis.model.evidence import EvidenceKind, evidence_names
from asepsis.model.facts import Confidence, NetworkDevice
from asepsis.model.record import from_record
from asepsis.model.study import Study
from asepsis.reports.text import count, join

_KINDS = {
    "dicom-server": "DICOM server", "lab-analyzer": "laboratory analyzer", "glucose-monitor": "glucose monitor", "mri": "MRI scanner",
    "ct-scanner": "CT scanner", "x-ray": "X-ray system", "ultrasound": "ultrasound scanner", "gateway": "gateway of devices",
}  # fmt: skip
_OTHERS = "address"
_HAPPENED = ("dose_tampering", "device_fell_silent", "flood_observed")
"""The rules that tell what was done, not what could be; a changed dose first."""
_MOST_KINDS = 4


@dataclass(frozen=True, slots=True)
class Seen:
    """One device for a table: what it is in words, and the place that says so with the name of its capture."""

    device: NetworkDevice
    kind: str
    place: str


def was_recorded(study: Study) -> bool:
    """Whether any evidence is a capture, or a log of who saw the traffic."""
    return any(piece.kind in {EvidenceKind.PCAP, EvidenceKind.NETLOG} for piece in study.evidence)


def devices(study: Study) -> tuple[Seen, ...]:
    """All of them: those of a known kind first, then by address."""
    names = evidence_names(study.evidence)
    found = [from_record(record) for record in study.facts if record.kind == NetworkDevice.__name__]
    seen = [
        Seen(one, kind_words(one.kind), f"{names[one.where.evidence]} packet {one.where.packet}") for one in found if isinstance(one, NetworkDevice)
    ]
    return tuple(sorted(seen, key=lambda one: (not one.kind, one.kind, one.device.address, one.device.where.sort_key)))


def kind_words(kind: str) -> str:
    """A kind of device in words; empty if nothing tells it."""
    return _KINDS.get(kind, kind.replace("-", " "))


def happened(study: Study) -> str:
    """What the recorded traffic shows to have happened already, the most urgent first; empty if nothing."""
    found = sorted((one for one in study.findings if one.rule in _HAPPENED), key=lambda one: _HAPPENED.index(one.rule))
    if not found:
        return ""
    first = found[0]
    detail = f" ({first.facts[0]})" if first.facts else ""
    more = f"; {len(found) - 1} more: see the report" if len(found) > 1 else ""
    act = "Look at the patient and the pump now. " if first.rule == _HAPPENED[0] else ""
    sure = "It happened already" if first.confidence is Confidence.CONFIRMED else "It looks as if this happened already"
    return f"{act}{sure}: {first.title}{detail}{more}"


def bedside(study: Study) -> str:
    """What to look at beside the patient because of what happened, in short; empty if nothing did."""
    facts = (fact for one in study.findings if one.rule == _HAPPENED[0] for fact in one.facts if fact.startswith(AT_THE_BEDSIDE))
    told = next(facts, "").partition(";")[0]
    return told[:1].upper() + told[1:]


def sentence(study: Study) -> str:
    """What was seen on the network, for the first screen; empty without a capture."""
    if not was_recorded(study):
        return ""
    kinds = Counter(one.kind or _OTHERS for one in devices(study))
    if not kinds:
        return "On the network: nobody was recognised in the recorded traffic"
    known = sorted((kind for kind in kinds if kind != _OTHERS), key=lambda kind: (-kinds[kind], kind))
    told = [count(kinds[kind], kind) for kind in known[:_MOST_KINDS]]
    rest = sum(kinds[kind] for kind in known[_MOST_KINDS:]) + kinds[_OTHERS]
    if rest:
        told.append(count(rest, f"other {_OTHERS}" if told else _OTHERS, f"other {_OTHERS}es" if told else f"{_OTHERS}es"))
    return f"On the network: {join(told)}"
