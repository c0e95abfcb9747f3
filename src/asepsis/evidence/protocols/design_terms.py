"""The tables of a declared design, and what their words mean to a judge.

The format is this project's own (``docs/design.md``); its words are those of the bands and sessions that makers of implants use (MedRadio, 47 CFR 95
subpart I; ISM, ITU Radio Regulations 1.15). A key that is left out is *not declared*, which is another thing than "no".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from asepsis.model.claim import THIS
from asepsis.model.facts import Auth, Effect, Zone
from asepsis.model.system import DEVICE

FORMAT = "asepsis-design-1"
"""What the first key of a design says."""

TOUCHING_METRES = 1.0
"""An inductive link does not reach further [K]: nothing beyond this is an inductive link."""

FARTHEST_METRES = 100_000.0
LONGEST_NAME = 120

SIGN = re.compile(rb'^(?:\xef\xbb\xbf)?\s*format\s*=\s*["\']asepsis-design-', re.MULTILINE)
"""What the head of every design shows."""


class Band(StrEnum):
    """What a link is sent on."""

    MICS = "mics"
    ISM = "ism"
    PROPRIETARY = "proprietary"
    BLUETOOTH = "bluetooth"
    INDUCTIVE = "inductive"
    NFC = "nfc"


class Opening(StrEnum):
    """What opens a session. A device that is always listening, or that a radio signal wakes, opens for whoever is in range."""

    ALWAYS_LISTENING = "always-listening"
    WAKE_UP_SIGNAL = "wake-up-signal"
    WAND = "wand"
    MAGNET = "magnet"
    PROXIMITY = "proximity"
    BUTTON = "button"


class Authentication(StrEnum):
    """What is asked of a message. A serial number is known to whoever listens; a check at the start of a session protects no message after it."""

    NONE = "none"
    IDENTIFIER = "identifier"
    SESSION_START = "session-start"
    OTHER_END = "other-end"
    MUTUAL = "mutual"


class Encryption(StrEnum):
    """How messages are hidden. An unpublished scheme is taken neither for protection nor for its absence."""

    NONE = "none"
    UNPUBLISHED = "unpublished"
    PUBLISHED = "published"


class Key(StrEnum):
    """Who shares a key."""

    NONE = "none"
    PER_PAIR = "per-pair"
    PER_UNIT = "per-unit"
    PER_MODEL = "per-model"


class Carried(StrEnum):
    """What is sent over a link."""

    THERAPY = "therapy"
    SETTINGS = "settings"
    READINGS = "readings"
    PATIENT_DATA = "patient-data"


class PartKind(StrEnum):
    """What another part of the system is."""

    PROGRAMMER = "programmer"
    HOME_MONITOR = "home-monitor"
    REMOTE_CONTROL = "remote-control"
    PHONE = "phone"
    SENSOR = "sensor"
    SERVER = "server"
    CLINIC_SYSTEM = "clinic-system"
    OTHER = "other"


CLOSE_BY = frozenset({Opening.WAND, Opening.MAGNET, Opening.PROXIMITY, Opening.BUTTON})
AUTHENTIC = frozenset({Authentication.OTHER_END, Authentication.MUTUAL})
_ZONES = {Band.BLUETOOTH: Zone.BLUETOOTH_RANGE, Band.INDUCTIVE: Zone.INDUCTIVE_RANGE, Band.NFC: Zone.INDUCTIVE_RANGE}


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above all tables. ``device`` may name the profile that the design is of."""

    format: str
    title: str = ""
    device: str = ""
    maker: str = ""
    model: str = ""
    version: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Radio:
    """``[[radio]]``: one link of the device. ``verified`` gives for a key the test that showed it; everything else is the maker's claim."""

    name: str
    band: Band
    carries: tuple[Carried, ...]
    parts: tuple[str, ...] = ()
    range_metres: float | None = None
    session_opened_by: Opening | None = None
    session_time_limited: bool | None = None
    wake_ups_limited: bool | None = None
    authentication: Authentication | None = None
    encryption: Encryption | None = None
    key: Key | None = None
    replay_protection: bool | None = None
    note: str = ""
    verified: dict[str, str] = field(default_factory=dict)

    @property
    def zone(self) -> Zone:
        """From where it is reached."""
        return _ZONES.get(self.band, Zone.RADIO_RANGE)

    @property
    def effects(self) -> tuple[Effect, ...]:
        """What somebody who changes its messages achieves, worst first; the patient's data alone is a record."""
        found = [Effect.COMMAND] if {Carried.THERAPY, Carried.SETTINGS} & set(self.carries) else []
        found += [Effect.READING] if Carried.READINGS in self.carries else []
        return tuple(found) or (Effect.RECORD,)


@dataclass(frozen=True, slots=True)
class Part:
    """``[[part]]``: another part of the system. ``over`` names the radio by which it talks to the device."""

    name: str
    kind: PartKind
    commands: tuple[str, ...] = ()
    over: str = ""
    any_unit_obeyed: bool | None = None
    reached_from: tuple[Zone, ...] = ()
    log_in: Auth = Auth.UNKNOWN
    serves_many: bool | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Update:
    """``[[update]]``: how software gets onto the device: ``over`` one of its radios, or handed in from a ``zone``."""

    name: str
    over: str = ""
    zone: Zone | None = None
    signed: bool | None = None
    refuses_older: bool | None = None
    transport_protected: bool | None = None
    note: str = ""


Entry = Radio | Part | Update

STATED = ("session_opened_by", "session_time_limited", "wake_ups_limited", "authentication", "encryption", "key", "replay_protection")
"""The protections of a link that a test may have shown."""


def contradictions(entry: Entry, radios: dict[str, Radio], parts: frozenset[str]) -> Iterator[tuple[str, str]]:
    """What cannot be true of an entry beside the others: the key and what is wrong with it."""
    if not entry.name or len(entry.name) > LONGEST_NAME:
        yield "name", f"must have 1 to {LONGEST_NAME} characters"
    if isinstance(entry, Radio):
        yield from _of_radio(entry, parts)
    elif isinstance(entry, Part):
        yield from _of_part(entry, radios, parts)
    else:
        yield from _of_update(entry, radios)


def _of_radio(radio: Radio, parts: frozenset[str]) -> Iterator[tuple[str, str]]:
    if not radio.carries:
        yield "carries", "names nothing, so the link would not be there"
    most = TOUCHING_METRES if radio.zone is Zone.INDUCTIVE_RANGE else FARTHEST_METRES
    if radio.range_metres is not None and not 0 < radio.range_metres <= most:
        yield "range_metres", f"no {radio.band.value} link reaches {radio.range_metres:g} m"
    yield from _keyless(radio)
    for name in radio.parts:
        if name not in parts:
            yield "parts", f"there is no part named {name!r}"
    for key, test in sorted(radio.verified.items()):
        if key not in STATED or getattr(radio, key) is None:
            yield "verified", f"{key!r} is called verified, and is no protection that this link states"
        elif not test.strip():
            yield "verified", f"{key!r} is called verified by nothing; name the test"


def _keyless(radio: Radio) -> Iterator[tuple[str, str]]:
    """What needs a key where there is none."""
    if radio.key is Key.NONE and radio.authentication in {*AUTHENTIC, Authentication.SESSION_START}:
        yield "key", f"authentication is {radio.authentication.value}, which needs a key, and key is none"
    if radio.key is Key.NONE and radio.encryption in {Encryption.PUBLISHED, Encryption.UNPUBLISHED}:
        yield "key", f"encryption is {radio.encryption.value}, which needs a key, and key is none"


def _of_part(part: Part, radios: dict[str, Radio], parts: frozenset[str]) -> Iterator[tuple[str, str]]:
    for name in part.commands:
        if name != DEVICE and (name not in parts or name == part.name):
            yield "commands", f"there is no other part named {name!r} ({DEVICE!r} is the device itself)"
    if part.over and part.over not in radios:
        yield "over", f"there is no radio named {part.over!r}"
    if part.any_unit_obeyed is not None and not (part.over and DEVICE in part.commands):
        yield "any_unit_obeyed", f"needs over (a radio) and {DEVICE!r} among commands"
    if part.name.casefold() in {DEVICE, THIS}:
        yield "name", f"{part.name!r} is the device itself"


def _of_update(update: Update, radios: dict[str, Radio]) -> Iterator[tuple[str, str]]:
    if bool(update.over) == (update.zone is not None):
        yield "over", "say either over (a radio) or zone"
    if update.over and update.over not in radios:
        yield "over", f"there is no radio named {update.over!r}"
