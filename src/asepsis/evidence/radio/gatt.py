"""A device's table of attributes, as far as it was discovered in the recording (Core, volume 3, part G, 2.6 and 3; part F, 3.4.3 and 3.4.4)."""

from __future__ import annotations

import struct
from bisect import bisect_right, insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from asepsis.evidence.radio.names import uuid

PRIMARY, SECONDARY, INCLUDE, CHARACTERISTIC = b"\x00\x28", b"\x01\x28", b"\x02\x28", b"\x03\x28"
_DECLARATIONS = frozenset({"2800", "2801", "2802", "2803"})
MOST_ENTRIES = 2_048
PROPERTIES = ((0x02, "read"), (0x08, "write"), (0x04, "write without response"), (0x10, "notify"), (0x20, "indicate"), (0x40, "signed write"))


class Known(NamedTuple):
    """What is at a handle: UUIDs of service, characteristic and descriptor, empty where not known; ``value`` is the characteristic's own handle."""

    service: str = ""
    characteristic: str = ""
    descriptor: str = ""
    value: int = 0


@dataclass(slots=True)
class Table:
    """Services by first handle (last handle, UUID); characteristics by value handle (UUID, properties); descriptors by handle (UUID).

    It has room for 2,048 of them; what a device claims beyond is not kept.
    """

    services: dict[int, tuple[int, str]] = field(default_factory=dict)
    characteristics: dict[int, tuple[str, int | None]] = field(default_factory=dict)
    descriptors: dict[int, str] = field(default_factory=dict)
    _starts: list[int] = field(default_factory=list)
    _values: list[int] = field(default_factory=list)

    def at(self, handle: int) -> Known:
        """What is known of a handle."""
        service = self.service_of(handle)
        if handle in self.characteristics:
            return Known(service, self.characteristics[handle][0], "", handle)
        found = self.descriptors.get(handle, "")
        if not found:
            return Known(service)
        place = bisect_right(self._values, handle)
        value = self._values[place - 1] if place else 0
        if not value or self.service_of(value) != service:
            return Known(service, "", found)
        return Known(service, self.characteristics[value][0], found, value)

    def service_of(self, handle: int) -> str:
        """The UUID of the service that has a handle."""
        place = bisect_right(self._starts, handle)
        last, number = self.services[self._starts[place - 1]] if place else (0, "")
        return number if handle <= last else ""

    def _room(self) -> bool:
        return len(self.services) + len(self.characteristics) + len(self.descriptors) < MOST_ENTRIES

    def _service(self, first: int, last: int, number: str) -> None:
        if first not in self.services and self._room():
            insort(self._starts, first)
            self.services[first] = (last, number)

    def _characteristic(self, handle: int, number: str, bits: int | None) -> None:
        if handle not in self.characteristics:
            if not self._room():
                return
            insort(self._values, handle)
        self.characteristics[handle] = (number, bits)

    def _descriptor(self, handle: int, number: str) -> None:
        if self._room():
            self.descriptors[handle] = number

    def learns(self, request: int, asked: bytes, answer: bytes) -> None:
        """Take in the answer to a request of discovery: ``asked`` and ``answer`` behind their opcodes. What is cut short is left out."""
        if request == 0x10 and asked[4:] in {PRIMARY, SECONDARY}:
            for first, last, value in _groups(answer):
                self._service(first, last, uuid(value))
        elif request == 0x06 and asked[4:6] == PRIMARY:
            for place in range(0, len(answer) - 3, 4):
                first, last = struct.unpack_from("<HH", answer, place)
                self._service(first, last, uuid(asked[6:]))
        elif request == 0x08 and asked[4:] == CHARACTERISTIC:
            self._declared(answer)
        elif request == 0x04 and answer:
            self._information(answer)

    def _declared(self, answer: bytes) -> None:
        for _handle, value in values(answer):
            if len(value) in {5, 19}:
                self._characteristic(int.from_bytes(value[1:3], "little"), uuid(value[3:]), value[0])

    def names(self, handle: int, number: str) -> None:
        """A value was read by its UUID: that says what is at its handle."""
        if handle not in self.characteristics and len(number) >= 4 and number not in _DECLARATIONS:
            self._characteristic(handle, number, None)

    def _information(self, answer: bytes) -> None:
        size = 4 if answer[0] == 1 else 18
        for place in range(1, len(answer) - size + 1, size):
            handle, number = int.from_bytes(answer[place : place + 2], "little"), uuid(answer[place + 2 : place + size])
            if handle in self.characteristics or number in _DECLARATIONS:
                continue
            if self.characteristics or (number.startswith("29") and len(number) == 4):
                self._descriptor(handle, number)
            else:
                self._characteristic(handle, number, None)


def values(answer: bytes) -> Iterator[tuple[int, bytes]]:
    """Handles and values in an answer to Read By Type (part F, 3.4.4.2)."""
    size = answer[0] if answer else 0
    if size >= 2:
        for place in range(1, len(answer) - size + 1, size):
            yield int.from_bytes(answer[place : place + 2], "little"), answer[place + 2 : place + size]


def _groups(answer: bytes) -> Iterator[tuple[int, int, bytes]]:
    size = answer[0] if answer else 0
    if size in {6, 20}:
        for place in range(1, len(answer) - size + 1, size):
            first, last = struct.unpack_from("<HH", answer, place)
            yield first, last, answer[place + 4 : place + size]


def properties(bits: int | None) -> tuple[str, ...]:
    """Declared properties in words (part G, 3.3.1.1)."""
    return tuple(name for bit, name in PROPERTIES if bits and bits & bit)
