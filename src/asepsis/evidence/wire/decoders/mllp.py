"""HL7 v2 over MLLP: frames of ``0x0B`` message ``0x1C 0x0D`` (HL7 Transport Specification: MLLP, Release 1 and 2), on whatever port.

Also read: several messages in a packet and one over many, commit acknowledgements of Release 2 (one byte, 0x06 or 0x15, in a frame), batches, and
messages without any frame, which some devices send. Neither ``0x0B`` nor ``0x1C`` may stand in a message, so each always begins or ends one.

A side holds the message that is being said, up to :data:`MESSAGE_BYTES`: more than other decoders do, since a report with a document in it is one
message of megabytes, and nothing can be said of it before it is whole. What is longer is not read, and complained of.
"""

from __future__ import annotations

import re
from enum import Enum

from asepsis.evidence.protocols import hl7
from asepsis.evidence.wire.decoder import FIRST_BYTES, Complain, DecoderInfo, Match, Tell
from asepsis.evidence.wire.events import Hl7Said
from asepsis.evidence.wire.packet import Closing, Conversation, Side

MESSAGE_BYTES = 4 * 1024 * 1024
"""The longest message that is read."""

_START, _END = 0x0B, 0x1C
_ACKS = (b"\x06", b"\x15")
_FIRST = (b"MSH", b"FHS", b"BHS")
_UTF_8_MARK = b"\xef\xbb\xbf"
_BLANK = re.compile(rb"[\r\n\0 ]*")
_OPENING = re.compile(rb"[\r\n\0 ]*\x0b?(?:(?:MSH|FHS|BHS)[!-/:-@\[-`{-~]|(?<=\x0b)[\x06\x15]\x1c\r)")
_BEGUN = re.compile(rb"[\r\n\0 ]*(?:\x0b?(?:[MFB]?|MS|FH|BH|MSH|FHS|BHS)|\x0b[\x06\x15]\x1c?)\Z")
_MIDDLE = re.compile(rb"\x0b(?:MSH|FHS|BHS)[!-/:-@\[-`{-~]|\r(?:MSA|PID|PV1|OBR|OBX|ORC|NTE|EVN|ERR|RXG|RXR|RXE|RXA|DG1|AL1|IN1|TXA|SCH)\|\d*[|A-Z]")
_TEXT = re.compile(rb"[\r\n\x1c\x20-\xff]+")
_BARE_END = re.compile(rb"[\r\n](?=MSH)|[\x0b\x1c]")
_FOUND_AGAIN = re.compile(rb"(?=\x0b)|[\r\n](?=MSH)")
_LOOK_BACK = 3
"""Bytes that are looked at again when more come: a line's end and two letters of MSH."""


class _In(Enum):
    NOTHING = "between messages"
    FRAME = "in a frame"
    BARE = "in a message without a frame"
    LOST = "where nobody knows"


class MllpDecoder:
    """HL7 v2 over MLLP, or without it."""

    info = DecoderInfo(
        "hl7", "HL7 v2 over MLLP", "HL7 Transport Specification: MLLP, Release 2; HL7 Version 2.9, chapter 2", ("tcp",), (2575, 6661), True
    )

    def recognises(self, client: bytes, server: bytes) -> Match:
        """By a frame or an MSH at the beginning of a side, or, in the middle of a connection, by lines that HL7 alone has."""
        return max(_recognised(client), _recognised(server)) if client or server else Match.MORE

    def listen(self, conversation: Conversation, tell: Tell, complain: Complain) -> MllpListener:
        """Begin to listen."""
        return MllpListener(conversation, tell, complain)


def _recognised(said: bytes) -> Match:
    if _OPENING.match(said):
        return Match.YES
    if not said or b"HTTP/1." in said:
        return Match.NO
    if _MIDDLE.search(said):
        return Match.YES
    in_a_line = b"|" in said and len(said) < FIRST_BYTES and _TEXT.fullmatch(said) is not None
    return Match.MORE if in_a_line or _BEGUN.match(said) else Match.NO


class MllpListener:
    """What is said on one connection; the two sides know nothing of each other but that an answer ends a message without a frame."""

    def __init__(self, conversation: Conversation, tell: Tell, complain: Complain) -> None:
        """Nothing was said yet."""
        self._sides = (_Half(conversation, Side.CLIENT, tell, complain), _Half(conversation, Side.SERVER, tell, complain))

    def data(self, side: Side, data: bytes, packet: int, time: int) -> None:
        """Take the next bytes of a side."""
        if data:
            self._sides[side.other].answered()
            self._sides[side].take(data, packet, time)

    def gap(self, side: Side, length: int, packet: int, time: int) -> None:  # noqa: ARG002 - the contract of a listener
        """Drop what is being said; go on with the next frame."""
        self._sides[side].lose(packet)

    def close(self, how: Closing, packet: int, time: int) -> None:  # noqa: ARG002 - the contract of a listener
        """Tell what needs no end to be whole."""
        for half in self._sides:
            half.close(how, packet)


class _Half:
    """One side: what it has said of a message so far, and how much of that was looked at."""

    def __init__(self, conversation: Conversation, side: Side, tell: Tell, complain: Complain) -> None:
        self._conversation, self._side, self._tell, self._complain = conversation, side, tell, complain
        self._held, self._looked_at, self._at = bytearray(), 0, _In.NOTHING
        self._last = (0, 0)
        self._needs_return = False
        self._begun = conversation.opened_seen

    def take(self, data: bytes, packet: int, time: int) -> None:
        self._last = (packet, time)
        if not self._held and self._at is _In.NOTHING and not self._needs_return and _is_one_frame(data):
            self._said(data[1:-2], framed=True)
            self._begun = True
            return
        self._held += data
        while self._held and self._step():
            pass

    def answered(self) -> None:
        """The other side speaks: a message without a frame that ends with a line is whole."""
        if self._at is _In.BARE and self._held.endswith((b"\r", b"\n")):
            self._flush(framed=False)

    def lose(self, packet: int) -> None:
        if self._at in {_In.FRAME, _In.BARE}:
            self._complain(packet, "bytes are missing in an HL7 message: it is not read")
        self._held.clear()
        self._at, self._begun = _In.LOST, True

    def close(self, how: Closing, packet: int) -> None:
        framed = self._at is _In.FRAME
        if framed and self._held:
            self._complain(
                packet, "the connection ends within a frame of MLLP" if how is Closing.FINISHED else "an HL7 message was not seen to its end"
            )
        elif self._at is _In.BARE and how is not Closing.FINISHED and not self._held.endswith((b"\r", b"\n")):
            self._complain(packet, "an HL7 message without a frame was not seen to its end")
            return
        if self._at is _In.BARE or (framed and how is Closing.FINISHED and self._held[-1:] == b"\r"):
            self._flush(framed=framed)

    def _step(self) -> bool:
        """Come one state further with what is held; False if that needs more bytes."""
        match self._at:
            case _In.NOTHING:
                return self._between()
            case _In.FRAME:
                return self._frame()
            case _In.BARE:
                return self._ended(_BARE_END.search(self._held, max(0, self._looked_at - _LOOK_BACK)))
            case _In.LOST:
                return self._lost()

    def _between(self) -> bool:
        if self._needs_return and self._held[0] != 0x0D:  # noqa: PLR2004 - carriage return
            self._complain(self._last[0], "a frame of MLLP ends without its carriage return")
        self._needs_return = False
        blank = _BLANK.match(self._held)
        del self._held[: blank.end() if blank else 0]
        if self._held[:1] == b"\x0b":
            del self._held[:1]
            self._at = _In.FRAME
        elif self._held[:3] in _FIRST:
            self._at = _In.BARE
        elif len(self._held) < 3 and any(first.startswith(bytes(self._held)) for first in _FIRST):  # noqa: PLR2004 - three letters
            return False
        else:
            what = "bytes that belong to no HL7 message" if self._begun else "the beginning of what is said was not captured: it is not read"
            self._complain(self._last[0], what)
            self._at = _In.LOST
        self._looked_at, self._begun = 0, True
        return True

    def _frame(self) -> bool:
        end = self._held.find(_END, self._looked_at)
        again = self._held.find(_START, self._looked_at, end if end >= 0 else len(self._held))
        if again >= 0:
            self._complain(self._last[0], "a frame of MLLP has no end: it is taken to end where the next begins")
            self._flush(again, framed=True)
        elif end >= 0:
            self._flush(end, framed=True)
            del self._held[:1]
            self._needs_return = True
        else:
            return self._too_long()
        return True

    def _ended(self, end: re.Match[bytes] | None) -> bool:
        """A message without a frame ends where the next one begins, or where a frame does."""
        if not end:
            return self._too_long()
        mark = end[0]
        self._flush(end.start() if mark in b"\x0b\x1c" else end.end(), framed=False)
        del self._held[: int(mark == b"\x1c")]
        return True

    def _lost(self) -> bool:
        found = _FOUND_AGAIN.search(self._held)
        if found:
            self._at = _In.NOTHING
        del self._held[: found.end() if found else max(0, len(self._held) - _LOOK_BACK)]
        return found is not None

    def _too_long(self) -> bool:
        """All that is held was looked at; False, since more must come."""
        self._looked_at = len(self._held)
        if self._looked_at > MESSAGE_BYTES:
            self._complain(self._last[0], f"an HL7 message of more than {MESSAGE_BYTES} bytes: it is not read")
            self._held.clear()
            self._at = _In.LOST
        return False

    def _flush(self, end: int | None = None, *, framed: bool) -> None:
        message = bytes(self._held[:end])
        del self._held[:end]
        self._at, self._looked_at = _In.NOTHING, 0
        self._said(message, framed=framed)

    def _said(self, content: bytes, *, framed: bool) -> None:
        where = (self._conversation, self._side, *self._last)
        if content in _ACKS:
            self._tell(Hl7Said(*where, framed=framed, ack=content[0]))
            return
        content = content.removeprefix(_UTF_8_MARK)
        if content[:3] not in _FIRST:
            self._complain(self._last[0], "a frame of MLLP that holds no HL7 v2 message")
            return
        several = content[:3] != b"MSH" or b"\rMSH" in content or b"\nMSH" in content
        for message in hl7.messages(content) if several else (content,):
            self._tell(Hl7Said(*where, message=message, framed=framed))


def _is_one_frame(data: bytes) -> bool:
    """Whether a packet is just one frame, which most are."""
    return data[0] == _START and data[-2:] == b"\x1c\r" and data.find(_END) == len(data) - 2 and data.find(_START, 1) < 0
