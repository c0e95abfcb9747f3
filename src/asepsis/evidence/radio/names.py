"""Names for numbers of Bluetooth: UUIDs, companies, appearances, versions, errors of attributes."""

from __future__ import annotations

from asepsis.knowledge.bluetooth import KnownCharacteristic, KnownService, load_bluetooth

_BASE = "-0000-1000-8000-00805F9B34FB"
_UNKNOWN_SERVICE, _UNKNOWN_CHARACTERISTIC = KnownService(""), KnownCharacteristic("")
_VERSIONS = ("1.0b", "1.1", "1.2", "2.0", "2.1", "3.0", "4.0", "4.1", "4.2", "5.0", "5.1", "5.2", "5.3", "5.4", "6.0", "6.1", "6.2")
ERRORS = {
    0x01: "invalid handle",
    0x02: "read not permitted",
    0x03: "write not permitted",
    0x04: "invalid PDU",
    0x05: "insufficient authentication",
    0x06: "request not supported",
    0x07: "invalid offset",
    0x08: "insufficient authorization",
    0x09: "prepare queue full",
    0x0A: "attribute not found",
    0x0B: "attribute not long",
    0x0C: "encryption key size too short",
    0x0D: "invalid attribute value length",
    0x0E: "unlikely error",
    0x0F: "insufficient encryption",
    0x10: "unsupported group type",
    0x11: "insufficient resources",
    0x12: "database out of sync",
    0x13: "value not allowed",
    0xFC: "write request rejected",
    0xFD: "client characteristic configuration improperly configured",
    0xFE: "procedure already in progress",
    0xFF: "out of range",
}
"""Core, volume 3, part F, 3.4.1.1, and Core Specification Supplement, part B."""
PROTECTION = frozenset({0x05, 0x08, 0x0C, 0x0F})
"""Errors that say: not like this."""


def uuid(raw: bytes) -> str:
    """A UUID as it is written, from its bytes, least first: four digits if it is one of Bluetooth's own, else all."""
    digits = raw[::-1].hex().upper()
    if len(digits) == 8:
        digits = digits[4:] if digits.startswith("0000") else digits + _BASE.replace("-", "")
    if len(digits) != 32:
        return digits
    text = f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
    return text[4:8] if text.startswith("0000") and text.endswith(_BASE) else text


def service(number: str) -> KnownService:
    """What is known of a service; an empty name if nothing is."""
    return load_bluetooth().services.get(number, _UNKNOWN_SERVICE)


def characteristic(number: str, of_service: str = "") -> KnownCharacteristic:
    """What is known of a characteristic; one of a maker's own service is for what that service is."""
    known = load_bluetooth().characteristics.get(number)
    if known is not None:
        return known
    if service(of_service).update:
        return KnownCharacteristic("", "update")
    return KnownCharacteristic("", "maker") if len(number) > 4 else _UNKNOWN_CHARACTERISTIC


def descriptor(number: str) -> str:
    """Its name, empty if it is none that is known."""
    return load_bluetooth().descriptors.get(number, "")


def named(number: str) -> str:
    """A service as reports call it: ``183A Insulin Delivery``."""
    return f"{number} {service(number).name}".strip()


def company(number: int) -> str:
    """A company's name, or its number."""
    return load_bluetooth().companies.get(f"{number:04X}", f"company {number:#06x}")


def appearance(number: int) -> tuple[str, str]:
    """An appearance in words, and the device profile that it decides; both may be empty."""
    known = load_bluetooth().appearances.get(str(number >> 6))
    return (known.name, known.kind) if known else ("", "")


def version(number: int) -> str:
    """The version of Bluetooth that a radio speaks (Assigned Numbers, 2.1)."""
    return _VERSIONS[number] if number < len(_VERSIONS) else f"version {number}"
