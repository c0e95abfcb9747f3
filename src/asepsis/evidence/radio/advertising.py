"""AD structures: what a device tells everybody, in pieces of length, type and data (Core Specification Supplement, part A; Assigned Numbers, 2.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from asepsis.evidence.radio.names import uuid

_FLAGS, _SHORT_NAME, _NAME, _APPEARANCE, _MAKER = 0x01, 0x08, 0x09, 0x19, 0xFF
_SERVICES = {0x02: 2, 0x03: 2, 0x04: 4, 0x05: 4, 0x06: 16, 0x07: 16, 0x14: 2, 0x15: 16, 0x1F: 4}
_SERVICE_DATA = {0x16: 2, 0x20: 4, 0x21: 16}
_DISCOVERABLE = 0x03
"""Limited or general."""
_LONGEST_NAME = 248


@dataclass(slots=True)
class Told:
    """What stands in the structures; ``data`` are those that hold whatever the maker likes. ``broken`` that one is longer than what holds it."""

    name: str = ""
    services: list[str] = field(default_factory=list)
    company: int | None = None
    appearance: int | None = None
    discoverable: bool | None = None
    data: bytes = b""
    broken: bool = False


def told(data: bytes) -> Told:
    """Take the structures apart."""
    out = Told()
    for kind, value in _structures(data, out):
        if kind in {_NAME, _SHORT_NAME}:
            out.name = value[:_LONGEST_NAME].decode("utf-8", "replace").rstrip("\0") if kind == _NAME or not out.name else out.name
        elif kind in _SERVICES:
            size = _SERVICES[kind]
            out.services.extend(uuid(value[at : at + size]) for at in range(0, len(value) - size + 1, size))
        elif kind in _SERVICE_DATA and len(value) >= _SERVICE_DATA[kind]:
            out.services.append(uuid(value[: _SERVICE_DATA[kind]]))
            out.data += value[_SERVICE_DATA[kind] :]
        elif kind == _MAKER and len(value) > 1:
            out.company = int.from_bytes(value[:2], "little")
            out.data += value[2:]
        elif kind == _APPEARANCE and len(value) > 1:
            out.appearance = int.from_bytes(value[:2], "little")
        elif kind == _FLAGS and value:
            out.discoverable = bool(value[0] & _DISCOVERABLE)
    return out


def _structures(data: bytes, out: Told) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place + 1 < len(data) and data[place]:
        after = place + 1 + data[place]
        if after > len(data):
            out.broken = True
            return
        yield data[place + 1], data[place + 2 : after]
        place = after
