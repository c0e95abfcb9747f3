"""Recorded conversations as something to make rules of: who is a medical device, what each conversation is for, how much was recorded.

What a document made from these says at its beginning is here too: a rule that was made from too little traffic stops a therapy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address

from asepsis.model.facts import Conversed, NetworkDevice
from asepsis.model.record import from_record
from asepsis.model.study import Study
from asepsis.reports.exporter import NothingToTell
from asepsis.reports.gaps import gaps
from asepsis.reports.text import count, visible

CLINICAL = frozenset({"hl7", "dicom", "poct1a", "astm", "phd"})
"""Protocols that only carry clinical messages; of others a conversation is clinical by what was said in it."""
NETWORK = frozenset({"dhcp", "dns", "ntp"})
REMOTE = frozenset({"telnet", "ftp", "tftp", "ssh", "vnc", "rdp", "smb", "snmp"})
"""Protocols of administrators, and of whoever breaks in."""
HUBS = frozenset({"gateway", "dicom-server"})
"""What many devices speak with: a recording never shows all of them."""
_OUTSIDE_ASCII = re.compile(r"[^ A-Za-z0-9._:/@^+=()\[\],-]")
_LONGEST_LINE = 800
_END_OF_CALENDAR = 253_402_300_800
"""The year 10000: a damaged recording has any time."""
Address = IPv4Address | IPv6Address


class Purpose(StrEnum):
    """What a conversation is for: ``UNKNOWN`` may be clinical (a maker's own protocol, an encrypted one)."""

    CLINICAL = "clinical"
    NETWORK = "network"
    UNKNOWN = "not understood"
    REMOTE = "remote control"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Talk:
    """One :class:`Conversed` whose ends are addresses indeed. ``kind`` is its protocol in words."""

    client: Address
    server: Address
    seen: Conversed
    purpose: Purpose

    @property
    def protocol(self) -> str:
        """The protocol, and the kinds of clinical message that were sent in it."""
        kinds = plain(" ".join((*self.seen.says, *self.seen.answers)), 60)
        return f"{plain(self.seen.protocol, 20) or 'unknown protocol'}{f' ({kinds})' if kinds else ''}"

    @property
    def sort_key(self) -> tuple[int, int, int, int, str, int]:
        """By addresses as numbers."""
        return self.client.version, int(self.client), self.server.version, int(self.server), self.seen.transport, self.seen.port


@dataclass(frozen=True, slots=True)
class Talks:
    """All that was recorded. ``devices`` are the medical ones, each with what it is; ``every`` conversation is in order."""

    devices: dict[Address, str]
    every: tuple[Talk, ...]
    left_out: int

    def to(self, server: Address, protocol: str) -> list[Talk]:
        """Conversations in a protocol that were opened to an address."""
        return [talk for talk in self.every if talk.server == server and talk.seen.protocol == protocol]

    @property
    def recorded(self) -> str:
        """How much it was made from."""
        packets = sum(talk.seen.packets for talk in self.every)
        began = min((talk.seen.began for talk in self.every if 0 < talk.seen.began < _END_OF_CALENDAR), default=0)
        ended = max((talk.seen.ended for talk in self.every if talk.seen.ended < _END_OF_CALENDAR), default=0)
        since = datetime.fromtimestamp(began, UTC).strftime("from %Y-%m-%d %H:%M UTC on") if began else "on a day that it does not tell"
        minutes = count(max(0, ended - began) // 60, "whole minute")
        return f"{minutes} of recorded traffic ({packets:,} packets, {count(len(self.every), 'pair')} of ends), {since}"


def talks(study: Study) -> Talks:
    """What was recorded. Raises :class:`NothingToTell` where no traffic was given, or no medical device was recognised in it."""
    facts = [from_record(record) for record in study.facts if record.kind in {"NetworkDevice", "Conversed"}]
    spoken = [fact for fact in facts if isinstance(fact, Conversed)]
    if not spoken:
        raise NothingToTell("no recorded traffic is in this study; give a network capture (pcap:FILE) or a monitor's log (netlog:FILE) as evidence")
    every = sorted((talk for fact in spoken if (talk := _talk(fact))), key=lambda talk: (talk.sort_key, talk.seen.where.sort_key))
    devices = {
        address: words for fact in facts if isinstance(fact, NetworkDevice) and (address := address_of(fact.address)) and (words := _device(fact))
    }
    if not devices:
        raise NothingToTell("no medical device was recognised in the recorded traffic, so there is nothing to make rules for")
    return Talks({address: devices[address] for address in sorted(devices, key=lambda one: (one.version, int(one)))}, _once(every), _lost(spoken))


def _once(every: Iterable[Talk]) -> tuple[Talk, ...]:
    """Each pair of ends once, also if two captures show it: with the place of the first, for the clearest purpose, with all that was said."""
    first: dict[tuple[int | str, ...], Talk] = {}
    for talk in every:
        known = first.get(talk.sort_key)
        first[talk.sort_key] = _both(known, talk) if known else talk
    return tuple(first.values())


def _both(known: Talk, more: Talk) -> Talk:
    says, answers = ({*getattr(known.seen, name), *getattr(more.seen, name)} for name in ("says", "answers"))
    seen = replace(
        known.seen, says=tuple(sorted(says)), answers=tuple(sorted(answers)), protocol=known.seen.protocol or more.seen.protocol,
        guessed=known.seen.guessed and more.seen.guessed, packets=known.seen.packets + more.seen.packets,
        began=min(known.seen.began, more.seen.began), ended=max(known.seen.ended, more.seen.ended),
    )  # fmt: skip
    return replace(known, seen=seen, purpose=_purpose(seen, known.server))


def _lost(spoken: Iterable[Conversed]) -> int:
    return sum(fact.left_out for fact in spoken)


def _device(fact: NetworkDevice) -> str:
    """What it is, in one line; empty for what is no medical device, or is one that half the hospital speaks with."""
    return " ".join(plain(f"{fact.kind} {fact.maker} {fact.model} {fact.name}", 80).split()) if fact.kind and fact.kind not in HUBS else ""


def _talk(fact: Conversed) -> Talk | None:
    client, server = address_of(fact.client), address_of(fact.server)
    if client is None or server is None or client.version != server.version or not 0 <= fact.port < 1 << 16 or fact.transport not in {"tcp", "udp"}:
        return None
    return Talk(client, server, fact, _purpose(fact, server))


def _purpose(fact: Conversed, server: Address) -> Purpose:
    if fact.protocol in CLINICAL or fact.says or fact.answers:
        return Purpose.CLINICAL
    if fact.protocol in NETWORK:
        return Purpose.NETWORK
    if server.is_global and not server.is_multicast:
        return Purpose.OUTSIDE
    return Purpose.REMOTE if fact.protocol in REMOTE else Purpose.UNKNOWN


def address_of(text: str) -> Address | None:
    """An address without a zone; None for any other text."""
    try:
        return ip_address(text.partition("%")[0])
    except ValueError:
        return None


def plain(text: str, limit: int) -> str:
    """Text of a device in the letters that no rule language gives a meaning: everything else becomes a ``?``."""
    shown = _OUTSIDE_ASCII.sub("?", text[: limit + 1])
    return shown if len(text) <= limit else shown[: limit - 3] + "..."


def preamble(study: Study, recorded: Talks, what: Sequence[str]) -> list[str]:
    """The comment at the beginning: what this is, what it was made from, what was not looked at. One line each, without the comment's sign."""
    sources = ", ".join(f"{one.name} (SHA-256 {one.sha256})" for one in study.evidence)
    lines = [
        *what,
        f"Made by {study.tool.name} {study.tool.version} from {recorded.recorded}.",
        f"Evidence: {sources}",
        "REVIEW BEFORE USE. It knows only what was recorded: what happens rarely (an alarm, a night shift, a failover, an update) may be missing.",
    ]
    if recorded.left_out:
        lines.append(f"INCOMPLETE: {recorded.left_out:,} conversations of the recording were between too many different ends to be listed here.")
    lines += [f"Could not be looked at: {problem.what}: {problem.consequence}" for problem in study.problems]
    lines += [f"Stayed shut: {name}" for name in study.coverage.unopened]
    lines += [f"Not assessed: {gap.whole} ({', '.join(gap.rules)})" for gap in gaps(study.not_assessed)]
    return [_line(line) for line in lines]


def _line(text: str) -> str:
    """A line of a comment, which ends where we end it."""
    return _OUTSIDE_ASCII.sub(lambda odd: odd[0] if odd[0] in ";!%~'<>#&|" else "?", visible(text, _LONGEST_LINE))
