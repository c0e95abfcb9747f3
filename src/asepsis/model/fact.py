"""What all facts share: the words for how sure, how protected and from where, and the base class."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from asepsis.model.where import Where


class Confidence(StrEnum):
    """How sure the reader is: structure parsed and value valid; pattern with context; pattern only."""

    CONFIRMED = "confirmed"
    LIKELY = "likely"
    WEAK = "weak"


class Auth(StrEnum):
    """What a service, flow or link asks of whoever speaks to it."""

    NONE = "none"
    PASSWORD = "password"  # noqa: S105 - the name of a method, not a secret
    KEY = "key"
    MUTUAL = "mutual"
    UNKNOWN = "unknown"


class Zone(StrEnum):
    """Where an attacker stands, or where a thing can be reached from. Also the attacker's starting places."""

    INTERNET = "internet"
    HOSPITAL_NETWORK = "hospital_network"
    DEVICE_NETWORK = "device_network"
    WIFI_RANGE = "wifi_range"
    BLUETOOTH_RANGE = "bluetooth_range"
    RADIO_RANGE = "radio_range"
    INDUCTIVE_RANGE = "inductive_range"
    TOUCH = "touch"
    SECOND_HAND_UNIT = "second_hand_unit"
    SUPPLY_CHAIN = "supply_chain"


class Effect(StrEnum):
    """What is done to a clinical function: the four columns of the harm table (domain facts 3.3)."""

    COMMAND = "command"
    READING = "reading"
    STOP = "stop"
    RECORD = "record"


class Gives(StrEnum):
    """What success at an interface or weakness gives the attacker."""

    CONTROL = "control"
    COMMAND = "command"
    READING = "reading"
    STOP = "stop"
    RECORD = "record"


@dataclass(frozen=True, slots=True)
class Fact:
    """The base of all facts: ``where`` it was read and how sure the reader is."""

    where: Where
