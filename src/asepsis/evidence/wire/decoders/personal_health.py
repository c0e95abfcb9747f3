"""Personal health devices: IEEE 11073-20601 between an agent (the device) and its manager, where it is carried over TCP.

An APDU is a choice and a length of 16 bits each, then that many bytes (annex A of the standard; MDER, annex F): 0xE200 AARQ, 0xE300 AARE, 0xE400
RLRQ, 0xE500 RLRE, 0xE600 ABRT, 0xE700 PRST. No field of an association shows who the manager is. Told are association, configuration, settings and
actions; event reports with what was measured are skipped by their length.
"""

from __future__ import annotations

from asepsis.evidence.wire.decoder import Complain, DecoderInfo, Match, Tell
from asepsis.evidence.wire.events import Asked, Named
from asepsis.evidence.wire.packet import Closing, Conversation, Side

HEAD_BYTES = 64
"""How much of an APDU is looked at: an association up to its configuration, a command up to what it is about."""

_AARQ, _AARE, _PRST = 0xE200, 0xE300, 0xE700
_CHOICES = {_AARQ: "AARQ", _AARE: "AARE", 0xE400: "RLRQ", 0xE500: "RLRE", 0xE600: "ABRT", _PRST: "PRST"}
_REJECTED = {
    1: "rejected-permanent",
    2: "rejected-transient",
    4: "rejected-no-common-protocol",
    5: "rejected-no-common-parameter",
    6: "rejected-unknown",
}
_REJECTED |= {7: "rejected-unauthorized", 8: "rejected-unsupported-assoc-version"}
_ACCEPTED = {0: "accepted", 3: "accepted-unknown-config"}
_PROTOCOL = (20601).to_bytes(2, "big")
_SERVICES = {0x0104: "set", 0x0105: "confirmed-set", 0x0106: "action", 0x0107: "confirmed-action"}
_REPORTS = {0x0100, 0x0101}
_CONFIGURATION = 0x0D1C
_ABOUT = {0x0C17: "MDC_ACT_SET_TIME", 0x0C0C: "MDC_ACT_SEG_CLR", 0x0C0D: "MDC_ACT_SEG_GET_INFO", 0x0C1C: "MDC_ACT_SEG_TRIG_XFER"}
_EXTENDED = range(0x4000, 0x8000)
_STANDARD = {400: "pulse oximeter", 700: "blood pressure monitor", 800: "thermometer", 1500: "weighing scale", 1700: "glucose meter"}
"""Standard configurations by their first number (IEEE 11073-10404, -10407, -10408, -10415, -10417); each specialisation has a hundred [K]."""


class PersonalHealthDecoder:
    """Agents and managers of IEEE 11073-20601."""

    info = DecoderInfo("phd", "IEEE 11073-20601 personal health", "IEEE 11073-20601-2014, annex A", ("tcp",), ())

    def recognises(self, client: bytes, server: bytes) -> Match:
        """By an association request (the only way to begin), from either side."""
        return max(_recognised(client), _recognised(server)) if client or server else Match.MORE

    def listen(self, conversation: Conversation, tell: Tell, complain: Complain) -> PersonalHealthListener:
        """Begin to listen."""
        return PersonalHealthListener(conversation, tell, complain)


def _recognised(said: bytes) -> Match:
    expected = _AARQ.to_bytes(2, "big")
    if not said or said[:2] != expected[: len(said[:2])] or said[4:8] != b"\x80\0\0\0"[: len(said[4:8])]:
        return Match.NO
    if said[12:14] != _PROTOCOL[: len(said[12:14])]:
        return Match.NO
    return Match.YES if len(said) >= 14 else Match.MORE  # noqa: PLR2004 - choice, length, version, list, protocol


class PersonalHealthListener:
    """One connection. What is missing where it would be skipped anyway does no harm; anywhere else that side is not heard any more."""

    def __init__(self, conversation: Conversation, tell: Tell, complain: Complain) -> None:
        """Nothing was said yet."""
        self._conversation, self._tell, self._complain = conversation, tell, complain
        self._held, self._skip, self._deaf = (bytearray(), bytearray()), [0, 0], [False, False]

    def data(self, side: Side, data: bytes, packet: int, time: int) -> None:
        """Tell of each APDU whose beginning is there."""
        if self._deaf[side]:
            return
        held = self._held[side]
        held += data
        while held and not self._deaf[side]:
            skipped = min(self._skip[side], len(held))
            del held[:skipped]
            self._skip[side] -= skipped
            if not self._begun(side, held, packet, time):
                return

    def gap(self, side: Side, length: int, packet: int, time: int) -> None:  # noqa: ARG002 - the contract of a listener
        """Skip what would be skipped; otherwise give up."""
        if self._deaf[side]:
            return
        if length <= self._skip[side] and not self._held[side]:
            self._skip[side] -= length
        else:
            self._give_up(side, packet, "bytes are missing in an APDU of IEEE 11073-20601: the rest is not read")

    def close(self, how: Closing, packet: int, time: int) -> None:  # noqa: ARG002 - the contract of a listener
        """Complain of what has no end."""
        if any(held and not deaf for held, deaf in zip(self._held, self._deaf, strict=True)):
            self._complain(packet, "an APDU of IEEE 11073-20601 was not seen to its end")

    def _begun(self, side: Side, held: bytearray, packet: int, time: int) -> bool:
        """Take one APDU off, of which at least the interesting part is there."""
        if len(held) < 4:  # noqa: PLR2004 - choice and length
            return False
        choice, length = int.from_bytes(held[:2], "big"), int.from_bytes(held[2:4], "big")
        if choice not in _CHOICES:
            self._give_up(side, packet, "a choice that IEEE 11073-20601 does not have: the rest is not read")
            return False
        wanted = min(length, HEAD_BYTES)
        if len(held) < 4 + wanted:
            return False
        head = bytes(held[4 : 4 + wanted])
        del held[: 4 + wanted]
        self._skip[side] = length - wanted
        self._apdu((self._conversation, side, packet, time), choice, head)
        return True

    def _apdu(self, where: tuple[Conversation, Side, int, int], choice: int, head: bytes) -> None:
        if choice == _PRST:
            self._presented(where, head)
            return
        result = int.from_bytes(head[:2], "big")
        is_answer = choice == _AARE and len(head) > 1
        accepted = (result in _ACCEPTED) if is_answer else None
        subject = (_ACCEPTED | _REJECTED).get(result, "result unknown") if is_answer else ""
        if choice == _AARQ:
            subject = self._associated(where, head)
        self._tell(Asked(*where, protocol="phd", verb=_CHOICES[choice], subject=subject, accepted=accepted))

    def _associated(self, where: tuple[Conversation, Side, int, int], head: bytes) -> str:
        """The device of the first protocol's association information: its system id (EUI-64) and its configuration."""
        if head[8:10] != _PROTOCOL or len(head) < 42:  # noqa: PLR2004 - up to the configuration
            return ""
        if head[30:32] != b"\0\x08":
            return ""
        configuration = int.from_bytes(head[40:42], "big")
        kind = _STANDARD.get(configuration // 100 * 100, "")
        told = {"system id": head[32:40].hex(), "configuration": str(configuration)} | ({"type": kind} if kind else {})
        self._tell(Named(*where, address=self._conversation.end(where[1]).address, how="phd", attributes=told))
        return "extended configuration" if configuration in _EXTENDED else kind

    def _presented(self, where: tuple[Conversation, Side, int, int], head: bytes) -> None:
        """PRST: length, invoke id, service, length, then what the service is about."""
        service = int.from_bytes(head[4:6], "big")
        if service in _SERVICES:
            subject = _ABOUT.get(int.from_bytes(head[10:12], "big"), "") if "action" in _SERVICES[service] else ""
            self._tell(Asked(*where, protocol="phd", verb=_SERVICES[service], subject=subject, changes=True))
        elif service in _REPORTS and int.from_bytes(head[14:16], "big") == _CONFIGURATION:
            self._tell(Asked(*where, protocol="phd", verb="event-report", subject="MDC_NOTI_CONFIG"))

    def _give_up(self, side: Side, packet: int, what: str) -> None:
        self._complain(packet, what)
        self._deaf[side] = True
        self._held[side].clear()
