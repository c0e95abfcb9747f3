"""The tables of all devices of a recording, by the lasting address of whoever serves them.

They are kept from one connection to the next, as bonded devices do.
"""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.evidence.radio import names
from asepsis.evidence.radio.frame import Link
from asepsis.evidence.radio.gatt import Known, Table, values
from asepsis.evidence.radio.observer import Means
from asepsis.knowledge.bluetooth import ControlPoint, load_bluetooth

MOST, MOST_STATED = 256, 8_192
_BY_TYPE = 0x08
_DECLARED = 0x28
"""The upper byte of the UUIDs of declarations (2800 to 2803)."""
_STATED = frozenset({"2A00", "2A24", "2A26", "2A27", "2A28", "2A29"})
"""Name, model, versions, maker: what a device may be remembered to say of itself. Its serial number is not among them."""
_LONGEST = 64
_UNKNOWN = Known()


class Tables:
    """``from_central`` says everywhere whose request it is: the other end serves."""

    def __init__(self, means: Means) -> None:
        """Nothing was discovered yet."""
        self._means = means
        self._tables: dict[str, Table] = {}

    def server(self, link: Link, from_central: bool) -> str:
        """Who serves, by his lasting address."""
        return self.lasting(link.keys()[from_central])

    def lasting(self, key: str) -> str:
        """The lasting address behind an end of a link, as far as it was told."""
        return self._means.identities.get(key, key)

    def at(self, server: str, handle: bytes) -> Known:
        """What is known of an attribute."""
        table = self._tables.get(server)
        return table.at(int.from_bytes(handle, "little")) if table else _UNKNOWN

    def point(self, server: str, handle: bytes) -> ControlPoint | None:
        """The control point that an attribute is known to be."""
        number = self._characteristic(server, handle)
        return load_bluetooth().commands.get(number) if number else None

    def all(self) -> Iterator[tuple[str, int, str, int | None, Known]]:
        """Every characteristic: server, handle, UUID, declared properties, what is known of it."""
        for server, table in self._tables.items():
            for handle, (number, bits) in sorted(table.characteristics.items()):
                yield server, handle, number, bits, table.at(handle)

    def services(self) -> Iterator[tuple[str, str]]:
        """Every service: server, UUID."""
        for server, table in self._tables.items():
            for _last, number in table.services.values():
                yield server, number

    def discovered(self, link: Link, from_central: bool, request: int, body: bytes, answer: bytes) -> list[bytes]:
        """Take in the answer to a request of discovery; the handles of values that it gave, which makes it a read."""
        server = self.server(link, from_central)
        table = self._table(server)
        table.learns(request, body, answer)
        if request != _BY_TYPE or (len(body) == 6 and body[5] == _DECLARED):
            return []
        number, read = names.uuid(body[4:]), []
        for handle, value in values(answer):
            table.names(handle, number)
            read.append(handle.to_bytes(2, "little"))
            self.states(server, read[-1], value)
        return read

    def refused(self, link: Link, from_central: bool, handle: bytes, body: bytes) -> None:
        """A read by UUID was refused: that says at least what is there."""
        self._table(self.server(link, from_central)).names(int.from_bytes(handle, "little"), names.uuid(body[4:]))

    def states(self, server: str, handle: bytes, value: bytes) -> None:
        """A device says what it is."""
        number = self._characteristic(server, handle)
        if number in _STATED and value and len(self._means.stated) < MOST_STATED:
            text = value[:_LONGEST].decode("utf-8", "replace").strip("\0 ")
            self._means.stated.setdefault((server, number), text)

    def _characteristic(self, server: str, handle: bytes) -> str:
        table = self._tables.get(server)
        known = table.characteristics.get(int.from_bytes(handle, "little")) if table else None
        return known[0] if known else ""

    def _table(self, server: str) -> Table:
        table = self._tables.get(server)
        if table is None:
            table = Table()
            if len(self._tables) < MOST:
                self._tables[server] = table
            else:
                self._means.full(f"attributes: tables of more than {MOST} devices")
        return table
