"""Pairing as the Core specification tells it. No keys.

Messages of the Security Manager (volume 3, part H, 3), the method that follows from what both sides can do (2.3.5.1, tables 2.6 to 2.8), and the same
for BR/EDR (volume 3, part C, 5.2.2.6; volume 4, part E, 7.7.24 for types of link keys).
"""

from __future__ import annotations

REQUEST, RESPONSE, CONFIRM, RANDOM, FAILED = 0x01, 0x02, 0x03, 0x04, 0x05
IDENTITY_KEY, IDENTITY, SECURITY_REQUEST, PUBLIC_KEY, DHKEY_CHECK = 0x08, 0x09, 0x0B, 0x0C, 0x0D
KEYS = {0x06: "long-term key", 0x08: "identity key", 0x0A: "signing key"}
"""Messages that hand out a key."""
DEBUG_KEY = bytes.fromhex("e69d350e480103ccdbfdf4ac1191f4efb9a5f9e9a7832c5e2cbe97f2d203b020")
"""X of the public debug key (volume 3, part H, 2.3.5.6.1), least byte first: published, so that whoever listens has the private one."""
BONDING, MITM, SECURE = 0x03, 0x04, 0x08
JUST_WORKS, PASSKEY, COMPARISON, OUT_OF_BAND, PIN = "just works", "passkey", "numeric comparison", "out of band", "pin"
LEGACY, SECURE_CONNECTIONS = "le legacy", "le secure connections"
CLASSIC_PIN, CLASSIC_SIMPLE, CLASSIC_SECURE = "br-edr pin", "br-edr simple pairing", "br-edr secure connections"

_DISPLAY_ONLY, _DISPLAY_YES_NO, _KEYBOARD_ONLY, _NOTHING, _KEYBOARD_DISPLAY = range(5)
IO = ("DisplayOnly", "DisplayYesNo", "KeyboardOnly", "NoInputNoOutput", "KeyboardDisplay")
_REASONS = {
    0x01: "passkey entry failed",
    0x02: "out-of-band data not available",
    0x03: "authentication requirements",
    0x04: "confirm value failed",
    0x05: "pairing not supported",
    0x06: "encryption key size",
    0x07: "command not supported",
    0x08: "unspecified reason",
    0x09: "repeated attempts",
    0x0A: "invalid parameters",
    0x0B: "DHKey check failed",
    0x0C: "numeric comparison failed",
    0x0D: "BR/EDR pairing in progress",
    0x0E: "cross-transport key derivation not allowed",
    0x0F: "key rejected",
}
_LINK_KEYS: dict[int, tuple[str, bool | None]] = {
    0: (CLASSIC_PIN, None),
    3: (CLASSIC_SIMPLE, False),
    4: (CLASSIC_SIMPLE, False),
    5: (CLASSIC_SIMPLE, True),
    7: (CLASSIC_SECURE, False),
    8: (CLASSIC_SECURE, True),
}
DEBUG_LINK_KEY = 3
_ERRORS = {
    0x05: "authentication failure",
    0x06: "PIN or key missing",
    0x08: "connection time-out",
    0x0E: "rejected for security reasons",
    0x13: "the other end ended it",
    0x14: "the other end: low resources",
    0x15: "the other end: power off",
    0x16: "the recorder ended it",
    0x18: "pairing not allowed",
    0x1A: "feature of the other end not supported",
    0x22: "LMP or LL response time-out",
    0x25: "encryption mode not acceptable",
    0x29: "pairing with unit key not supported",
    0x2F: "insufficient security",
    0x37: "simple pairing not supported by host",
    0x3D: "MIC failure",
    0x3E: "connection failed to be established",
}


def io_name(code: int) -> str:
    """What a device can show and take in."""
    return IO[code] if code < len(IO) else ""


def failure(code: int) -> str:
    """Why a pairing failed, in the standard's words."""
    return _REASONS.get(code, f"reason {code:#04x}")


def error(code: int) -> str:
    """An error code of HCI in words (volume 1, part F)."""
    return _ERRORS.get(code, f"error {code:#04x}")


def le_method(request: bytes, response: bytes) -> tuple[str, str, bool]:
    """Generation, method and whether somebody in the middle is noticed, from both bodies (IO, OOB, AuthReq …), each of at least three bytes."""
    secure = bool(request[2] & response[2] & SECURE)
    oob = (request[1], response[1])
    generation = SECURE_CONNECTIONS if secure else LEGACY
    if (any(oob) if secure else all(oob)) and max(oob) == 1:
        return generation, OUT_OF_BAND, True
    if not (request[2] | response[2]) & MITM:
        return generation, JUST_WORKS, False
    method = _by_io(request[0], response[0], comparison=secure)
    return generation, method, method != JUST_WORKS


def classic_method(own: tuple[int, int, int], peer: tuple[int, int, int]) -> str:
    """The method of simple pairing, from IO, OOB and authentication requirements of both sides (odd: against a man in the middle)."""
    if own[1] or peer[1]:
        return OUT_OF_BAND
    if not (own[2] | peer[2]) & 1:
        return JUST_WORKS
    return _by_io(own[0], peer[0], comparison=True)


def link_key(kind: int) -> tuple[str, bool | None]:
    """Generation of a BR/EDR link key's type, and whether it is authenticated."""
    return _LINK_KEYS.get(kind, ("", None))


def _by_io(one: int, two: int, *, comparison: bool) -> str:
    both = {one, two}
    if _NOTHING in both or max(both) > _KEYBOARD_DISPLAY:
        return JUST_WORKS
    if both <= {_DISPLAY_YES_NO, _KEYBOARD_DISPLAY} and comparison:
        return COMPARISON
    return PASSKEY if both & {_KEYBOARD_ONLY, _KEYBOARD_DISPLAY} else JUST_WORKS
