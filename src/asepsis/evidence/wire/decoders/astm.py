r"""Laboratory analysers and their hosts: CLSI LIS01-A2 (ASTM E1381, frames) and LIS02-A2 (ASTM E1394, records), over TCP.

``ENQ`` opens, each frame ``STX n text ETX/ETB C1 C2 CR LF`` is answered with ``ACK`` or ``NAK``, ``EOT`` closes. The text is records of a letter and
fields (``H|\^&|||Analyser^1.2``): H header, P patient, O order, R result, C comment, Q query, M and S maker's own, L end. Told of a message are the
kinds of its records with their number, and the sender of its header; the rest, patients above all, is neither kept nor looked at. The check sum
keeps noise out and nobody else. Records that are sent without frames are read too.
"""

from __future__ import annotations

import re
from collections import Counter

from asepsis.evidence.wire.decoder import Complain, DecoderInfo, Match, Tell
from asepsis.evidence.wire.events import Asked, Banner
from asepsis.evidence.wire.listeners import words
from asepsis.evidence.wire.packet import Closing, Conversation, Side

FRAME_BYTES = 64_000
"""The longest frame of LIS01-A2 (8.3); that of ASTM E1381 was 247."""
RECORD_BYTES = 1_024
"""How much of a record is looked at: its letter, and of a header the sender."""

_STX, _ETX, _EOT, _ENQ, _ACK, _NAK, _ETB = b"\x02", b"\x03", b"\x04", b"\x05", b"\x06", b"\x15", b"\x17"
_LETTERS = "HPORCQMSL"
_FRAME = re.compile(rb"\x05?\x02[0-7](?:\d{0,3}[HPOQRCMSL][!-/:-@\[-`{-~]|[^\0-\x08\x17]{1,500}[\x03\x17][0-9A-Fa-f]{2}[\r\n])")
_BARE = re.compile(rb"H\|[!-/:-@\[-`{-~]{3}\|")
_BEGUN = re.compile(rb"(?:\x05?(?:\x02(?:[0-7](?:[^\0-\x08\x17]{0,500}(?:[\x03\x17][0-9A-Fa-f]{0,2})?)?)?)?|H(?:\|[!-/:-@\[-`{-~]{0,3})?)\Z")
_FRAME_END = re.compile(rb"[\x03\x17]")
_BETWEEN = b"\r\n\0 "


class AstmDecoder:
    """Records of laboratory analysers."""

    info = DecoderInfo("astm", "CLSI LIS01/LIS02 (ASTM E1381/E1394)", "CLSI LIS01-A2; CLSI LIS02-A2", ("tcp",), (), True)

    def recognises(self, client: bytes, server: bytes) -> Match:
        """By a frame or a header record, or by ``ENQ`` that is answered."""
        if any(_FRAME.match(said) or _BARE.match(said) for said in (client, server)):
            return Match.YES
        if (client == _ENQ and server[:1] in {_ACK, _NAK}) or (server == _ENQ and client[:1] in {_ACK, _NAK}):
            return Match.YES
        return Match.MORE if all(_BEGUN.match(said) or said in {_ACK, _NAK} for said in (client, server)) else Match.NO

    def listen(self, conversation: Conversation, tell: Tell, complain: Complain) -> AstmListener:
        """Begin to listen."""
        return AstmListener(conversation, tell, complain)


class AstmListener:
    """One connection: the frames of each side, and whether the other took them."""

    def __init__(self, conversation: Conversation, tell: Tell, complain: Complain) -> None:
        """Nothing was said yet."""
        self._sides = (_Half(conversation, Side.CLIENT, tell, complain), _Half(conversation, Side.SERVER, tell, complain))

    def data(self, side: Side, data: bytes, packet: int, time: int) -> None:
        """Take the next bytes of a side."""
        for answer in self._sides[side].take(data, packet, time):
            self._sides[side.other].accepted = answer == _ACK

    def gap(self, side: Side, length: int, packet: int, time: int) -> None:  # noqa: ARG002 - the contract of a listener
        """Go on with the next frame; the numbers of a message that lost one are too low."""
        self._sides[side].lose(packet)

    def close(self, how: Closing, packet: int, time: int) -> None:  # noqa: ARG002 - the contract of a listener
        """Tell what was said of a message that has no end."""
        for half in self._sides:
            half.close(packet)


class _Half:
    """One side: bytes of a frame that is not whole, the beginning of a record that is not, and how many records were in the message so far."""

    def __init__(self, conversation: Conversation, side: Side, tell: Tell, complain: Complain) -> None:
        self._conversation, self._side, self._tell, self._complain = conversation, side, tell, complain
        self._held, self._record, self._counts = bytearray(), b"", Counter[str]()
        self._bare = self._strange = self._holed = False
        self._last, self._looked_at = (0, 0), 0
        self.accepted: bool | None = None

    def take(self, data: bytes, packet: int, time: int) -> list[bytes]:
        """The answers to the other side's frames that are among these bytes."""
        self._last = (packet, time)
        self._held += data
        answers: list[bytes] = []
        while self._held and self._step(answers):
            pass
        return answers

    def lose(self, packet: int) -> None:
        if self._held or self._record or self._counts:
            self._complain(packet, "bytes are missing in a message of an analyser: its records are counted without them")
            self._holed = True
        self._held.clear()
        self._record, self._bare, self._strange, self._looked_at = b"", False, True, 0

    def close(self, packet: int) -> None:
        if self._held and not self._strange:
            self._complain(packet, "a message of an analyser was not seen to its end")
        self._message()

    def _step(self, answers: list[bytes]) -> bool:
        first = bytes(self._held[:1])
        if first == _STX:
            return self._frame()
        if self._bare or (first == b"H" and not self._strange):
            return self._line()
        del self._held[:1]
        if first in {_ENQ, _EOT}:
            self._message()
        elif first in {_ACK, _NAK}:
            answers.append(first)
        elif first not in _BETWEEN:
            self._skip()
        return True

    def _skip(self) -> None:
        """To the next control character that means something."""
        if not self._strange:
            self._complain(self._last[0], "bytes that belong to no frame of an analyser")
        self._strange = True
        found = re.search(rb"[\x02\x04-\x06\x15]", self._held)
        del self._held[: found.start() if found else len(self._held)]

    def _frame(self) -> bool:
        end = _FRAME_END.search(self._held, self._looked_at)
        self._looked_at = end.start() if end else len(self._held)
        if not end and len(self._held) > FRAME_BYTES:
            self._complain(self._last[0], f"a frame of an analyser of more than {FRAME_BYTES} bytes: it is not read")
            self._strange, self._looked_at = True, 0
            self._held.clear()
        if not end or len(self._held) < end.end() + 2:
            return False
        summed, told = sum(self._held[1 : end.end()]) % 256, bytes(self._held[end.end() : end.end() + 2])
        if told.upper() != b"%02X" % summed:
            self._complain(self._last[0], "a frame of an analyser whose check sum is wrong")
        self._text(bytes(self._held[2 : end.start()]), last=end[0] == _ETX)
        del self._held[: end.end() + 2]
        self._strange, self._looked_at, self.accepted = False, 0, None
        return True

    def _line(self) -> bool:
        """A record without a frame."""
        self._bare = True
        end = re.search(rb"[\r\n]", self._held)
        if not end:
            if len(self._held) > FRAME_BYTES:
                self._complain(self._last[0], f"a record of an analyser of more than {FRAME_BYTES} bytes: it is not read")
                self._held.clear()
                self._bare, self._strange = False, True
            return False
        self._text(bytes(self._held[: end.start()]), last=True)
        del self._held[: end.end()]
        self._bare = not self._counts["L"]
        if self._counts["L"]:
            self._message()
        return True

    def _text(self, text: bytes, *, last: bool) -> None:
        *whole, rest = text.split(b"\r")
        for part in whole:
            self._said(self._record + part)
            self._record = b""
        self._record = (self._record + rest)[:RECORD_BYTES]
        if last and self._record:
            self._said(self._record)
            self._record = b""

    def _said(self, record: bytes) -> None:
        text = record[:RECORD_BYTES].decode("latin-1").strip("\r\n\0 ")
        letter = text[:1]
        if not letter:
            return
        if letter not in _LETTERS:
            self._counts["other"] += 1
            return
        if letter == "H":
            self._message()
            self._sender(text)
        self._counts[letter] += 1

    def _sender(self, header: str) -> None:
        """Field 5 of the header, "sender name or ID": often ``maker's name^version``."""
        fields = header.split(header[1:2]) if len(header) > 1 else []
        parts = [words(part.encode(), 60) for part in fields[4].split(header[3:4] or "^")] if len(fields) > 4 else []  # noqa: PLR2004 - H.5
        if any(parts):
            product, version = (*parts, "", "")[:2]
            self._tell(Banner(self._conversation, self._side, *self._last, text="^".join(parts), product=product, version=version, what="analyser"))

    def _message(self) -> None:
        """Tell of the records since the last header."""
        counts, self._counts, self._record = self._counts, Counter[str](), b""
        is_whole, self._holed = bool(counts["L"]) and not self._holed, False
        if not counts:
            return
        # Of what was cut or has a hole nobody knows whether results would follow the orders that they answer.
        verb = "results" if counts["R"] else "query" if counts["Q"] else "orders" if counts["O"] and is_whole else "message"
        subject = " ".join(f"{letter}={counts[letter]}" for letter in (*_LETTERS, "other") if counts[letter])
        where = (self._conversation, self._side, *self._last)
        self._tell(Asked(*where, protocol="astm", verb=verb, subject=subject, changes=verb == "orders", accepted=self.accepted))
        self.accepted = None
