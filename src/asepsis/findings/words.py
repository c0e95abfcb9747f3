"""How findings speak: device text bounded in length, places, secrets, assumptions. No device text is escaped here: that is the exporter's."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from asepsis.model.facts import Zone
from asepsis.model.secret import Redacted, SecretForm
from asepsis.model.where import Where

LONGEST = 64
"""Characters of device text in a subject or title: an SSID has at most 32 bytes, a user name 32 characters."""
_MARK = 8

UNNAMED = "unnamed"
"""Stands in claims for a thing without a name."""

PROPOSAL = "[P]"
"""Marks an assumption as the project's own proposal, to be shown and overridable."""

_FORMS = {
    SecretForm.CLEARTEXT: "in clear",
    SecretForm.DERIVED: "in a form that works as well as the secret itself",
    SecretForm.RECOVERABLE: "in a form from which it can be computed",
    SecretForm.EMPTY: "empty",
    SecretForm.PUBLIC: "as a public default",
    SecretForm.HASHED: "as a hash",
    SecretForm.SEALED: "sealed",
    SecretForm.LOCKED: "locked",
}

_ZONES = {
    Zone.INTERNET: "the internet",
    Zone.HOSPITAL_NETWORK: "the hospital network",
    Zone.DEVICE_NETWORK: "the device network",
    Zone.WIFI_RANGE: "Wi-Fi range",
    Zone.BLUETOOTH_RANGE: "Bluetooth range",
    Zone.RADIO_RANGE: "radio range",
    Zone.INDUCTIVE_RANGE: "a few centimetres away",
    Zone.TOUCH: "the device itself",
    Zone.SECOND_HAND_UNIT: "a second-hand unit",
    Zone.SUPPLY_CHAIN: "the supply chain",
}


def short(text: str, most: int = LONGEST) -> str:
    """``text`` in at most ``most`` characters. A longer one keeps its head and gets a mark of its own, so that two long ones stay two."""
    if len(text) <= most:
        return text
    mark = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_MARK]
    return f"{text[: most - _MARK - 1]}…{mark}"


def named(text: str, fallback: str) -> str:
    """Device text in quotes, or ``fallback`` when there is none."""
    return f"'{short(text)}'" if text else fallback


def place(where: Where) -> str:
    """A place in a sentence, bounded."""
    return short(str(where), 160)


def secret_words(secret: Redacted) -> str:
    """What may be said of a secret: its form, length and digest."""
    return f"kept {_FORMS[secret.form]}, {secret.length} characters, digest {secret.digest}"


def zone_words(zone: Zone) -> str:
    """A zone in plain words."""
    return _ZONES[zone]


def listed(names: Iterable[str], most: int = 3) -> str:
    """``a, b, c and 4 more``."""
    all_names = [short(name) for name in names]
    rest = len(all_names) - most
    return ", ".join(all_names[:most]) + (f" and {rest} more" if rest > 0 else "")


def are_units(names: Iterable[str]) -> str:
    """The assumption behind a secret that was seen in two units."""
    return f"{listed(names, most=8)} are taken to come from different units of one model, not to be parts or versions of one unit {PROPOSAL}"


def same_everywhere(what: str) -> str:
    """The assumption behind ``same_in_every_unit``."""
    return f"{what} is taken to be the same in every unit, because it lies in the software as shipped {PROPOSAL}"
