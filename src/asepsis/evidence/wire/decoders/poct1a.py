"""Point-of-care testing: POCT1-A (CLSI POCT1-A2, Device Messaging Layer) between a device and its manager, over TCP.

Messages are XML documents one after another, named by their root (``<HEL.R01>``); values stand in attributes ``V``. Directives (DTV) and the lists of
operators (OPL) and patients (PTL) change the device, and no message shows who sends it. Told are the name of each message, what a directive
commands, how it was acknowledged, and what a device says of itself (HEL, DST); nothing else is kept, observations (OBS) least of all.
"""

from __future__ import annotations

import re

from asepsis.evidence.wire.decoder import FIRST_BYTES, Complain, DecoderInfo, Match, Tell
from asepsis.evidence.wire.events import Asked, Named
from asepsis.evidence.wire.listeners import words
from asepsis.evidence.wire.packet import Closing, Conversation, Side

HEAD_BYTES = 16 * 1024
"""How much of a message is held: header and device come first."""
STRANGE_BYTES = 4 * 1024
"""So many bytes between two messages are no declaration or comment any more."""
MESSAGE_BYTES = 4 * 1024 * 1024
"""The longest message whose end is awaited."""
MOST_AWAITED = 32
"""Messages of a side whose acknowledgement is awaited."""

_CHANGES = ("DTV", "OPL", "PTL")
_ROOT = re.compile(rb"<([A-Z]{3}\.R\d\d)(?:\s[^<>]{0,1000})?(/?)>")
_OPENING = re.compile(rb"[\s\0\xef\xbb\xbf]*(?:<\?xml[^>]{0,200}>)?(?:\s|<!--.{0,300}?-->|<!DOCTYPE[^>]{0,200}>)*<[A-Z]{3}\.R\d\d[\s/>]", re.DOTALL)
_MIDDLE = re.compile(rb"</?[A-Z]{3}\.R\d\d>")
_BEGUN = re.compile(rb"[\s\0\xef\xbb\xbf]*(?:<(?:\?xml|!--|!DOCTYPE).*|<(?:[A-Z]{0,3}|[A-Z]{3}\.R?\d{0,2})|<[?!]?)?\Z", re.DOTALL)
_VALUE = re.compile(
    rb"<(HDR\.control_id|ACK\.type_cd|ACK\.ack_control_id|DTV\.command_cd|DEV\.\w{1,30})\s{1,9}V\s{0,9}=\s{0,9}[\"']([^\"'<]{0,200})[\"']"
)
_IDENTITY = {
    "DEV.manufacturer_name": "maker",
    "DEV.vendor_id": "vendor",
    "DEV.model_id": "model",
    "DEV.serial_id": "serial",
    "DEV.sw_version": "version",
    "DEV.hw_version": "hardware",
    "DEV.device_id": "id",
}


class Poct1aDecoder:
    """Point-of-care devices and their data manager."""

    info = DecoderInfo("poct1a", "POCT1-A", "CLSI POCT1-A2, Device Messaging Layer", ("tcp",), (), True)

    def recognises(self, client: bytes, server: bytes) -> Match:
        """By a root element of three capitals, ``.R`` and two digits, or, in the middle of a connection, by its end."""
        if any(_OPENING.match(said) or (b"HTTP/1." not in said and _MIDDLE.search(said)) for said in (client, server)):
            return Match.YES
        if max(len(client), len(server)) >= FIRST_BYTES:
            return Match.NO
        return Match.MORE if _BEGUN.match(client) and _BEGUN.match(server) else Match.NO

    def listen(self, conversation: Conversation, tell: Tell, complain: Complain) -> Poct1aListener:
        """Begin to listen."""
        return Poct1aListener(conversation, tell, complain)


class Poct1aListener:
    """One connection: messages of both sides, and what each awaits an acknowledgement of."""

    def __init__(self, conversation: Conversation, tell: Tell, complain: Complain) -> None:
        """Nothing was said yet."""
        self._conversation, self._tell, self._complain = conversation, tell, complain
        self._streams = (_Messages(), _Messages())
        self._awaited: tuple[dict[str, str], dict[str, str]] = ({}, {})

    def data(self, side: Side, data: bytes, packet: int, time: int) -> None:
        """Tell of each message that is whole now."""
        stream = self._streams[side]
        stream.held += data
        while (found := stream.next()) is not None:
            name, head = found
            if head is None:
                self._complain(packet, name)
            else:
                self._message(side, packet, time, name, head)

    def gap(self, side: Side, length: int, packet: int, time: int) -> None:  # noqa: ARG002 - the contract of a listener
        """Go on with the next message."""
        if self._streams[side].name:
            self._complain(packet, "bytes are missing in a message of POCT1-A: it is not read")
        self._streams[side].lose()

    def close(self, how: Closing, packet: int, time: int) -> None:  # noqa: ARG002 - the contract of a listener
        """Complain of what has no end."""
        if any(stream.name for stream in self._streams):
            self._complain(packet, "a message of POCT1-A was not seen to its end")

    def _message(self, side: Side, packet: int, time: int, name: str, head: bytes) -> None:
        values = {key.decode(): words(value, 60) for key, value in reversed(_VALUE.findall(head))}
        where = (self._conversation, side, packet, time)
        if name in {"HEL.R01", "DST.R01"} and (told := {plain: values[key] for key, plain in _IDENTITY.items() if values.get(key)}):
            address = self._conversation.end(side).address
            self._tell(Named(*where, address=address, name=values.get("DEV.device_name", ""), how="poct1a", attributes=told))
        if name.startswith("ACK."):
            asked = self._awaited[side.other].pop(values.get("ACK.ack_control_id", ""), "")
            accepted = {"AA": True, "AE": False, "AR": False}.get(values.get("ACK.type_cd", ""))
            self._tell(Asked(*where, protocol="poct1a", verb=name, subject=asked, accepted=accepted))
            return
        self._await(side, values.get("HDR.control_id", ""), name)
        changes = name.startswith(_CHANGES)
        self._tell(Asked(*where, protocol="poct1a", verb=name, subject=values.get("DTV.command_cd", "") if changes else "", changes=changes))

    def _await(self, side: Side, control_id: str, name: str) -> None:
        awaited = self._awaited[side]
        awaited[control_id] = name
        if len(awaited) > MOST_AWAITED:
            del awaited[next(iter(awaited))]


class _Messages:
    """Cuts one side's bytes into messages, of which it holds only the beginning."""

    def __init__(self) -> None:
        self.held, self.name = bytearray(), ""
        self._head, self._length, self._between = b"", 0, 0

    def lose(self) -> None:
        self.held.clear()
        self.name, self._between = "", STRANGE_BYTES + 1

    def next(self) -> tuple[str, bytes | None] | None:
        """Name and beginning of a whole message; a complaint and None; or None, if more bytes must come."""
        if not self.name:
            return self._begin()
        end = b"</" + self.name.encode() + b">"
        at = self.held.find(end)
        whole = at >= 0
        upto = at + len(end) if whole else max(0, len(self.held) - len(end) + 1)
        self._head = (self._head + self.held[:upto])[:HEAD_BYTES] if len(self._head) < HEAD_BYTES else self._head
        self._length += upto
        del self.held[:upto]
        if whole or self._length > MESSAGE_BYTES:
            name, self.name = self.name, ""
            self._between = 0 if whole else STRANGE_BYTES + 1  # what is left of it was complained of
            return (name, self._head) if whole else (f"a message of POCT1-A of more than {MESSAGE_BYTES} bytes: it is not read", None)
        return None

    def _begin(self) -> tuple[str, bytes | None] | None:
        root = _ROOT.search(self.held)
        keep = root.start() if root else self.held.rfind(b"<", max(0, len(self.held) - 1_100))
        gone = keep if keep >= 0 else len(self.held)
        before, self._between = self._between, self._between + gone
        if before <= STRANGE_BYTES < self._between:
            del self.held[:gone]
            return "bytes that belong to no message of POCT1-A", None
        if root:
            name, is_empty = root[1].decode(), bool(root[2])
            del self.held[: root.end()]
            self._head, self._length = b"", 0
            if is_empty:
                self._between = 0
                return name, b""
            self.name = name
            return self.next()
        del self.held[:gone]
        return None
