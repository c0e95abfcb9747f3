"""DICOM over TCP: the upper layer's PDUs (PS3.8, 9.3) and the DIMSE messages in them (PS3.7).

======  ==================  =========================================================================================================
byte 0  PDU                 then 0, length (4, big-endian) and
======  ==================  =========================================================================================================
1, 2    A-ASSOCIATE-RQ, AC  version, titles, items: :mod:`asepsis.evidence.protocols.dicom_association`
3       A-ASSOCIATE-RJ      0, result, source, reason
4       P-DATA-TF           fragments: length (4), context id (1), control (1: bit 0 command, bit 1 last), piece of a command or data set
5, 6    A-RELEASE-RQ, RP    0 0 0 0
7       A-ABORT             0, 0, source, reason
======  ==================  =========================================================================================================

Of a data set the first 64 KiB are kept; the rest is counted and not looked at. *How it lies:* lengths of gigabytes, fragments longer than their
PDU, contexts that nobody agreed on, data sets that never end. *When bytes are missing* in counted content, counting goes on; else everything up to
the next PDU that looks whole (a P-DATA-TF of exactly one fragment, as all common software sends) is passed over.
"""

from __future__ import annotations

from collections.abc import Callable

from asepsis.evidence.protocols.dicom_association import SMALLEST, Association, association
from asepsis.evidence.protocols.dicom_message import Command, command_set, data_set
from asepsis.evidence.protocols.dicom_pdu import ABORT, ACCEPT, DATA, LONGEST_SIGN, REJECT, RELEASE, REQUEST, begins, find
from asepsis.evidence.wire.decoder import Complain, DecoderInfo, Listener, Match, Tell
from asepsis.evidence.wire.events import DicomAssociation, DimseSaid
from asepsis.evidence.wire.packet import Closing, Conversation, Side

MAX_ASSOCIATION = 65_536
MAX_PDU = 1 << 30
"""A longer one is taken for a lie."""
MAX_COMMAND = 16_384
MAX_KEPT = 65_536
"""Bytes of a data set that are looked at."""

_COMMAND, _LAST = 1, 2


class _Half:
    """One side: the bytes it must say next, and the message that it is saying."""

    def __init__(self, side: Side, *, lost: bool) -> None:
        self.side, self.lost = side, lost
        self.held = bytearray()
        self.need = 6
        self.then: Callable[[_Half, bytes], None] | None = None
        self.skip = 0
        self.pdu_left = 0
        self.fragment = 0
        self.kind = 0
        self.context = 0
        self.control = 0
        self.forget_message()

    def forget_message(self) -> None:
        self.words = bytearray()
        self.command: Command | None = None
        self.command_context = 0
        self.kept = bytearray()
        self.counted = 0
        self.holed = False

    def passed(self, piece: bytes) -> None:
        """Count a piece of a fragment, and keep it as long as there is room and nothing is missing before it."""
        self.fragment -= len(piece)
        if self.control & _COMMAND:
            self.words += piece[: MAX_COMMAND + 1 - len(self.words)]
        elif self.command is not None:
            self.counted += len(piece)
            if not self.holed and len(self.kept) < MAX_KEPT:
                self.kept += piece[: MAX_KEPT - len(self.kept)]


class _Dicom:
    """Listens to one association, or to several that follow one another. Bounded by ``MAX_KEPT`` and ``MAX_ASSOCIATION`` a side."""

    def __init__(self, conversation: Conversation, tell: Tell, complain: Complain) -> None:
        self._conversation, self._tell, self._complain = conversation, tell, complain
        self._halves = tuple(_Half(side, lost=not conversation.opened_seen) for side in Side)
        self._asked: Association | None = None
        self._agreed: dict[int, str] | None = None
        self._packet = self._time = 0

    # --- bytes ---------------------------------------------------------------------------------------------------

    def data(self, side: Side, data: bytes, packet: int, time: int) -> None:
        self._packet, self._time = packet, time
        half = self._halves[side]
        at, end = 0, len(data)
        while at < end:
            if half.skip:
                count = min(half.skip, end - at)
                half.skip -= count
                at += count
            elif half.fragment:
                count = min(half.fragment, end - at)
                self._content(half, data, at, count)
                at += count
                if not half.fragment:
                    self._fragment_ended(half)
            elif half.lost:
                data, at = self._find(half, data, at)
                end = len(data)
            else:
                count = min(half.need - len(half.held), end - at)
                half.held += data[at : at + count]
                at += count
                if len(half.held) == half.need:
                    piece = bytes(half.held)
                    half.held.clear()
                    (half.then or self._header)(half, piece)

    def _content(self, half: _Half, data: bytes, at: int, count: int) -> None:
        if half.control & _COMMAND or (half.command is not None and len(half.kept) < MAX_KEPT and not half.holed):
            half.passed(data[at : at + count])
            return
        half.fragment -= count  # bulk: nothing is copied
        if half.command is not None:
            half.counted += count

    def gap(self, side: Side, length: int, packet: int, time: int) -> None:
        self._packet, self._time = packet, time
        half = self._halves[side]
        if length <= half.skip:
            half.skip -= length
        elif length <= half.fragment and not half.control & _COMMAND:
            half.fragment -= length
            half.counted += length
            half.holed = True
            if not half.fragment:
                self._fragment_ended(half)
        else:
            self._end_message(half)
            self._lose(half)

    def close(self, how: Closing, packet: int, time: int) -> None:
        self._packet, self._time = packet, time
        for half in self._halves:
            if how is not Closing.CAPTURE_ENDED and (half.held or half.fragment or half.skip or half.pdu_left) and not half.lost:
                self._complain(packet, "a DICOM connection ends within a PDU")
            self._end_message(half)

    # --- finding the way -----------------------------------------------------------------------------------------

    def _lose(self, half: _Half, why: str = "") -> None:
        """Nothing is known of what comes next until a PDU is found that looks whole."""
        if why:
            self._complain(self._packet, why)
        half.held.clear()
        half.forget_message()
        half.skip = half.fragment = half.pdu_left = 0
        half.lost = True

    def _find(self, half: _Half, data: bytes, at: int) -> tuple[bytes, int]:
        """The next bytes and where in them a PDU begins; at their end if none does."""
        data, at = (bytes(half.held) + data[at:], 0) if half.held else (data, at)
        half.held.clear()
        start = find(data, at)
        if start >= 0:
            half.lost = False
            self._expect_header(half)
            return data, start
        half.held += data[max(at, len(data) - LONGEST_SIGN + 1) :]
        return data, len(data)

    # --- PDUs ----------------------------------------------------------------------------------------------------

    def _expect_header(self, half: _Half) -> None:
        half.need, half.then = 6, None

    def _header(self, half: _Half, piece: bytes) -> None:
        half.kind, length = piece[0], int.from_bytes(piece[2:6], "big")
        if not REQUEST <= half.kind <= ABORT:
            self._lose(half, f"a DICOM PDU of the unknown type {half.kind}")
        elif half.kind == DATA:
            self._data_header(half, length)
        elif half.kind in {REQUEST, ACCEPT}:
            self._body(half, length, SMALLEST, MAX_ASSOCIATION, self._association)
        else:
            self._body(half, length, 4, 4, self._short)

    def _data_header(self, half: _Half, length: int) -> None:
        if length > MAX_PDU:
            self._lose(half, f"a DICOM PDU that claims {length} bytes")
            return
        half.pdu_left = length
        self._next_fragment(half)

    def _body(self, half: _Half, length: int, least: int, most: int, then: Callable[[_Half, bytes], None]) -> None:
        if least <= length <= most:
            half.need, half.then = length, then
        else:
            self._lose(half, f"a DICOM PDU of type {half.kind} that claims {length} bytes")

    def _association(self, half: _Half, body: bytes) -> None:
        self._expect_header(half)
        self._end_message(half)
        said = association(body)
        if said.broken:
            self._complain(self._packet, "items of a DICOM association that do not fit into their PDU")
        if half.kind == REQUEST:
            self._asked, self._agreed = said, None
            self._say(half, "request", said, tuple(context.abstract for context in said.contexts.values()))
            return
        asked = self._asked.contexts if self._asked else {}
        self._agreed = {number: context.transfers[0] for number, context in said.contexts.items() if not context.result and context.transfers}
        names = {number: asked[number].abstract if number in asked else f"context {number}" for number in said.contexts}
        self._say(half, "accept", said, tuple(f"{names[number]} {context.outcome}" for number, context in said.contexts.items()))

    def _short(self, half: _Half, body: bytes) -> None:
        self._expect_header(half)
        kinds = {REJECT: "reject", RELEASE: "release", ABORT: "abort"}
        if half.kind in {RELEASE, ABORT}:
            for each in self._halves:
                if each is half or half.kind == ABORT:
                    self._end_message(each)
        if half.kind in kinds:
            reason = (body[1] if half.kind == REJECT else 0, body[2], body[3])
            asked = self._asked or Association()
            self._say(half, kinds[half.kind], Association(asked.called, asked.calling), (), reason)

    def _say(self, half: _Half, kind: str, said: Association, contexts: tuple[str, ...], reason: tuple[int, int, int] = (0, 0, 0)) -> None:
        self._tell(
            DicomAssociation(
                self._conversation,
                half.side,
                self._packet,
                self._time,
                kind,
                said.called,
                said.calling,
                said.implementation,
                said.implementation_version,
                said.identity,
                said.user,
                said.password,
                contexts,
                reason,
            )
        )

    # --- fragments and messages ----------------------------------------------------------------------------------

    def _next_fragment(self, half: _Half) -> None:
        if half.pdu_left >= 6:  # noqa: PLR2004
            half.need, half.then = 6, self._fragment
            return
        self._expect_header(half)
        if half.pdu_left:
            self._complain(self._packet, "a DICOM P-DATA-TF with bytes that are no fragment")
            half.skip, half.pdu_left = half.pdu_left, 0

    def _fragment(self, half: _Half, piece: bytes) -> None:
        length = int.from_bytes(piece[:4], "big")
        half.pdu_left -= 4
        if not 2 <= length <= half.pdu_left:  # noqa: PLR2004
            self._complain(self._packet, f"a DICOM fragment that claims {length} bytes in a PDU that has {half.pdu_left} left")
            half.skip, half.pdu_left = half.pdu_left - 2, 0
            self._expect_header(half)
            return
        half.pdu_left -= length
        half.fragment, half.context, half.control = length - 2, piece[4], piece[5]
        self._check_context(half)
        if not half.fragment:
            self._fragment_ended(half)

    def _check_context(self, half: _Half) -> None:
        if self._agreed is not None and half.context not in self._agreed:
            self._complain(self._packet, f"a DICOM fragment of presentation context {half.context}, which was not agreed on")
        if half.control & _COMMAND and half.command is not None:
            self._complain(self._packet, "a DICOM command within a message whose data set has not ended")
            self._end_message(half)
        elif not half.control & _COMMAND and half.command is not None and half.context != half.command_context:
            self._complain(self._packet, "a DICOM data set of another presentation context than its command")

    def _fragment_ended(self, half: _Half) -> None:
        self._next_fragment(half)
        if not half.control & _LAST:
            return
        if half.control & _COMMAND:
            self._command_ended(half)
        else:
            self._end_message(half)

    def _command_ended(self, half: _Half) -> None:
        words = bytes(half.words)
        half.forget_message()
        command = command_set(words) if len(words) <= MAX_COMMAND else None
        if command is None:
            self._complain(self._packet, "a DICOM command set that cannot be read")
            return
        half.command, half.command_context = command, half.context
        if not command.has_data_set:
            self._end_message(half)

    def _end_message(self, half: _Half) -> None:
        """Tell the message whose command is known, with as much of its data set as there was."""
        command = half.command
        if command is None:
            return
        seen = data_set(bytes(half.kept), (self._agreed or {}).get(half.command_context, ""), command)
        self._tell(
            DimseSaid(
                self._conversation,
                half.side,
                self._packet,
                self._time,
                command.field,
                command.sop_class,
                command.status,
                command.message_id,
                half.counted,
                seen.wildcard,
                command.destination,
                seen.identifies_patient,
                seen.elements,
            )
        )
        half.forget_message()


class DicomDecoder:
    """DICOM, recognised by its PDUs."""

    info = DecoderInfo(
        "dicom",
        "DICOM upper layer and DIMSE",
        "DICOM PS3.7, PS3.8",
        ("tcp",),
        (104, 11112, 4242),
        understands_middle=True,
    )

    def recognises(self, client: bytes, server: bytes) -> Match:
        """By a PDU at the beginning of what either side says: seen from its middle on, the client may be within a long one."""
        answer = _looks(server)
        return answer if answer is Match.YES or not client else _looks(client)

    def listen(self, conversation: Conversation, tell: Tell, complain: Complain) -> Listener:
        """Begin with an association, or where its beginning was not seen with the next PDU that looks whole."""
        return _Dicom(conversation, tell, complain)


def _looks(data: bytes) -> Match:
    begun = begins(data)
    return Match.MORE if begun is None else Match.YES if begun else Match.NO
