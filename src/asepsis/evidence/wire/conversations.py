"""Who speaks with whom: which conversation a packet belongs to, when each begins and ends, and what of all that was understood.

The table is bounded. When it is full, those go that are over or were never answered, then those that nobody understands, the longest silent first.
A reset ends a conversation at once; if whoever sent it goes on speaking, somebody else had sent it, and what follows is a new conversation
without a beginning.
"""

from __future__ import annotations

import struct
from collections import Counter, OrderedDict
from collections.abc import Sequence
from functools import lru_cache
from heapq import nsmallest
from ipaddress import IPv6Address

from asepsis.evidence.wire.decoder import Complain, Decoder, Tell
from asepsis.evidence.wire.events import Closed, Opened
from asepsis.evidence.wire.internet import Datagram
from asepsis.evidence.wire.packet import Closing, Conversation, Endpoint, Side
from asepsis.evidence.wire.talk import Decoders, Office, Talk
from asepsis.evidence.wire.tcp import ACK, ALL_RECENT_BYTES, FARTHEST, FIN, RST, SYN, Half, Room
from asepsis.guard.limits import MIB

TCP, UDP = 6, 17
MOST_CONVERSATIONS = 20_000
ALL_HEARD_BYTES = 96 * MIB
"""What the listeners of all conversations together may hold."""
SECOND = 1_000_000_000
UNANSWERED = 10 * SECOND
"""A handshake without an answer for so long is told as one."""
LINGERING = 120 * SECOND
"""So long packets that are late still belong to a conversation that is over (twice the longest life of a segment, RFC 9293, 3.4.2)."""
SILENCE = {"tcp": 24 * 3600 * SECOND, "udp": 3600 * SECOND}
"""After so long without a packet, what comes next is another conversation."""
_SWEEP = 600 * SECOND
_PRIVILEGED = 1024
_HANDSHAKE, _OPEN, _OVER = 0, 1, 2

_PORTS = struct.Struct("!HH")


class _Flow:
    """One conversation in the table; ``halves`` are empty for UDP. ``reset_by`` is who broke it off, ``told`` that its beginning was told."""

    __slots__ = ("halves", "keys", "phase", "reset_by", "talk", "told")

    def __init__(self, talk: Talk, keys: tuple[bytes, bytes]) -> None:
        self.talk, self.keys = talk, keys
        self.halves: tuple[Half, ...] = ()
        self.phase, self.told = _OPEN, False
        self.reset_by: Side | None = None


class Tally:
    """What became of packets: how many were understood, and of the others how many packets and bytes for each reason."""

    def __init__(self) -> None:
        self.understood = 0
        self.packets: Counter[str] = Counter()
        self.bytes: Counter[str] = Counter()
        self.lost, self.lossy = 0, 0

    def left_out(self, reason: str, packets: int, size: int) -> None:
        """So many were not understood because of this."""
        self.packets[reason] += packets
        self.bytes[reason] += size

    def settle(self, conversation: Conversation) -> None:
        """A conversation is over. One in which nothing was said leaves nothing to understand."""
        packets, size, lost = sum(conversation.packets), sum(conversation.payload), sum(conversation.lost)
        if conversation.protocol or not size:
            self.understood += packets
        else:
            self.left_out(f"{conversation.transport} port {conversation.server.port}", packets, size)
        self.lost += lost
        self.lossy += lost > 0

    def late(self, conversation: Conversation, size: int) -> None:
        """One more packet of a conversation that is over: the last acknowledgement, or what was sent again."""
        if conversation.protocol or not size:
            self.understood += 1
        else:
            self.left_out(f"{conversation.transport} port {conversation.server.port}", 1, size)


class Conversations:
    """The table. ``packet`` takes every datagram in, ``pass_time`` looks at the clock, ``end`` says that the capture is over."""

    def __init__(self, decoders: Sequence[Decoder], tell: Tell, complain: Complain, bug: Complain, most: int = MOST_CONVERSATIONS) -> None:
        """``bug`` takes a bug of a decoder, like ``complain``."""
        self.tally, self.count, self.evicted = Tally(), 0, 0
        self._office = Office(Decoders(decoders), tell, complain, bug)
        self._room, self._most = Room(), most
        self._ways: dict[bytes, tuple[_Flow, Side]] = {}
        self._flows: dict[_Flow, None] = {}
        self._unanswered: OrderedDict[_Flow, None] = OrderedDict()
        self._over: OrderedDict[_Flow, int] = OrderedDict()
        self._swept = 0
        self._heard = 0
        """The most that all listeners can hold now."""

    def packet(self, datagram: Datagram, number: int, time: int) -> None:
        """Take in one datagram."""
        key = _key(*datagram[:5])
        flow, side = self._ways.get(key) or self._open(datagram, key, number, time)
        talk = flow.talk
        conversation = talk.conversation
        conversation.packets[side] += 1
        conversation.last_packet, conversation.last_time = number, time
        missing = 0 if datagram.captured_whole else datagram.length - len(datagram.payload)
        if not flow.halves:
            talk.data(side, datagram.payload, number, time)
            if missing:
                talk.gap(side, missing, number, time)
            return
        seq, ack, flags, _ = datagram.extra
        if flags & (SYN | FIN | RST) or flow.phase != _OPEN:
            self._control(flow, side, datagram, missing, number, time)
            return
        flow.halves[side].segment(seq, ack, flags, datagram.payload, missing, number, time)
        if self._room.recent > ALL_RECENT_BYTES:
            self._forget(number)

    def ordinary(self, ends: bytes, seq: int, ack: int, flags: int, payload: bytes, number: int, time: int) -> bool:
        """Take in a segment without SYN, FIN and RST, which ends nothing and begins nothing; False if it has to go by :meth:`packet` all the same.

        ``ends`` are the two addresses and ports as IPv4 and TCP hold them: source, destination, source's port, destination's port.
        """
        way = self._ways.get(ends)
        if way is None:
            return False
        flow, side = way
        if flow.phase != _OPEN:
            return False
        conversation = flow.talk.conversation
        conversation.packets[side] += 1
        conversation.last_packet, conversation.last_time = number, time
        flow.halves[side].segment(seq, ack, flags, payload, 0, number, time)
        if self._room.recent > ALL_RECENT_BYTES:
            self._forget(number)
        return True

    def _control(self, flow: _Flow, side: Side, datagram: Datagram, missing: int, number: int, time: int) -> None:
        """A segment that may begin or end something."""
        seq, ack, flags, _ = datagram.extra
        half = flow.halves[side]
        if self._begins_anew(flow, half, datagram, side):
            self._replace(flow, datagram, number, time)
            return
        if flow.phase == _OVER:
            self.tally.late(flow.talk.conversation, len(datagram.payload))
            return
        if flow.phase == _HANDSHAKE and not flags & RST and (side is Side.SERVER or not flags & SYN):
            self._answered(flow, side, number, time)
        if flags & RST:
            if half.next < 0 or abs(half.distance(seq)) <= FARTHEST:
                flow.reset_by = side
                self._close(flow, Closing.RESET, number, time)
            return
        half.segment(seq, ack, flags, datagram.payload, missing, number, time)
        if half.finished and half.other.finished:
            self._close(flow, Closing.FINISHED, number, time)

    def _begins_anew(self, flow: _Flow, half: Half, datagram: Datagram, side: Side) -> bool:
        """Whether this is no more the conversation that had these ports."""
        seq, _, flags, _ = datagram.extra
        if flags & (SYN | ACK) == SYN:
            fresh = half.begin < 0 and half.next < 0
            return seq != half.begin and not (fresh and flow.phase != _OVER)
        if flow.phase != _OVER or not datagram.payload or flow.reset_by is not side:
            return False
        return half.final >= 0 and 0 <= ((seq - half.final) & 0xFFFFFFFF) <= FARTHEST

    def _replace(self, flow: _Flow, datagram: Datagram, number: int, time: int) -> None:
        conversation = flow.talk.conversation
        conversation.packets[self._ways[_key(*datagram[:5])][1]] -= 1
        if flow.phase != _OVER:
            self._close(flow, Closing.SILENT, number, time)
        self._drop(flow)
        self.packet(datagram, number, time)

    # ----- begin

    def _open(self, datagram: Datagram, key: bytes, number: int, time: int) -> tuple[_Flow, Side]:
        if len(self._flows) >= self._most:
            self._make_room(number, time)
        self.count += 1
        side = self._side(datagram)
        source = Endpoint(_text(datagram.source), datagram.sport)
        destination = Endpoint(_text(datagram.destination), datagram.dport)
        client, server = (source, destination) if side is Side.CLIENT else (destination, source)
        tcp = datagram.protocol == TCP
        conversation = Conversation(self.count, "tcp" if tcp else "udp", client, server, number, time)
        conversation.opened_seen = not tcp or bool(datagram.extra[2] & SYN)
        back = _key(datagram.destination, datagram.source, datagram.protocol, datagram.dport, datagram.sport)
        flow = _Flow(Talk(conversation, self._office), (key, back))
        self._ways[back] = flow, side.other
        self._ways[key] = way = flow, side  # last: both keys are one if somebody speaks to himself
        self._flows[flow] = None
        if tcp:
            one, other = Half(Side.CLIENT, flow.talk, self._room), Half(Side.SERVER, flow.talk, self._room)
            one.other, other.other = other, one
            flow.halves = one, other
        if tcp and conversation.opened_seen and side is Side.CLIENT:
            flow.phase = _HANDSHAKE
            self._unanswered[flow] = None
        else:
            self._answered(flow, side, number, time)
        return way

    def _side(self, datagram: Datagram) -> Side:
        """Who the sender is: by the handshake, else the one at a well-known port is the server, else who speaks first is the client."""
        flags = datagram.extra[2] if datagram.extra else 0
        if flags & SYN:
            return Side.SERVER if flags & ACK else Side.CLIENT
        for known in (self._office.decoders.ports.__contains__, _PRIVILEGED.__gt__):
            mine, theirs = known(datagram.sport), known(datagram.dport)
            if mine != theirs:
                return Side.SERVER if mine else Side.CLIENT
        return Side.CLIENT

    def _answered(self, flow: _Flow, side: Side, number: int, time: int) -> None:
        flow.phase, flow.talk.conversation.answered = _OPEN, True
        self._unanswered.pop(flow, None)
        self._tell_opened(flow, side, number, time)

    def _tell_opened(self, flow: _Flow, side: Side, number: int, time: int) -> None:
        if not flow.told:
            flow.told = True
            conversation = flow.talk.conversation
            self._office.tell(Opened(conversation, side, number, time, answered=conversation.answered))

    # ----- end

    def pass_time(self, packet: int, time: int) -> None:
        """The capture's clock is at ``time``."""
        while self._unanswered and (first := next(iter(self._unanswered))).talk.conversation.first_time < time - UNANSWERED:
            del self._unanswered[first]
            self._tell_opened(first, Side.CLIENT, packet, time)
        while self._over and self._over[first := next(iter(self._over))] < time - LINGERING:
            self._drop(first)
        if time - self._swept > _SWEEP:
            self._swept = time
            for flow in list(self._flows):
                conversation = flow.talk.conversation
                if time - conversation.last_time > SILENCE[conversation.transport]:
                    self._close_and_drop(flow, packet, time)

    def end(self, packet: int, time: int) -> None:
        """The capture is over, which says nothing of the conversations."""
        for flow in list(self._flows):
            self._close(flow, Closing.CAPTURE_ENDED, packet, time)
        self._flows.clear()
        self._ways.clear()
        self._over.clear()

    def _close(self, flow: _Flow, how: Closing, number: int, time: int) -> None:
        if flow.phase == _OVER:
            return
        self._unanswered.pop(flow, None)
        self._tell_opened(flow, Side.CLIENT, number, time)
        flow.phase = _OVER
        for half in flow.halves:
            half.end(number, time)
        flow.talk.close(how, number, time)
        conversation = flow.talk.conversation
        self.tally.settle(conversation)
        side = flow.reset_by or Side.CLIENT
        self._office.tell(Closed(conversation, side, number, time, how=how))
        self._over[flow] = time

    def _close_and_drop(self, flow: _Flow, packet: int, time: int) -> None:
        self._close(flow, Closing.SILENT, packet, time)
        self._drop(flow)

    def _drop(self, flow: _Flow) -> None:
        for key in flow.keys:
            if key in self._ways and self._ways[key][0] is flow:
                del self._ways[key]
        self._flows.pop(flow, None)
        self._over.pop(flow, None)

    def _make_room(self, packet: int, time: int) -> None:
        for flow in nsmallest(max(1, self._most // 8), self._flows, key=_worth):
            self.evicted += flow.phase == _OPEN
            self._close_and_drop(flow, packet, time)

    def _forget(self, number: int) -> None:
        for flow in self._flows:
            for half in flow.halves:
                half.forget()
        self._heard += self._room.recent
        self._room.recent = 0
        if self._heard > ALL_HEARD_BYTES:
            self._relieve(number)

    def _relieve(self, number: int) -> None:
        """See how much all listeners hold; if it is too much, those who hold most hear nothing more. Nobody can hold more than came since."""
        holders = sorted(((flow.talk.held, place) for place, flow in enumerate(self._flows)), reverse=True)
        self._heard = sum(size for size, _ in holders)
        flows = list(self._flows) if self._heard > ALL_HEARD_BYTES else []
        for size, place in holders if flows else ():
            if self._heard <= ALL_HEARD_BYTES // 2:
                break
            flows[place].talk.give_up(number, f"heard_bytes: more than {ALL_HEARD_BYTES} bytes of messages that have no end yet")
            self._heard -= size


def _key(source: bytes, destination: bytes, protocol: int, sport: int, dport: int) -> bytes:
    """Which way of which conversation; for TCP over IPv4 these are twelve bytes as they stand in the packet."""
    ends = source + destination + _PORTS.pack(sport, dport)
    return ends if protocol == TCP else ends + b"u"


def _worth(flow: _Flow) -> tuple[int, int, int]:
    """What it costs to forget a conversation."""
    conversation = flow.talk.conversation
    rank = 0 if flow.phase == _OVER else 1 if flow.phase == _HANDSHAKE else 2 + bool(conversation.protocol)
    return rank, conversation.last_time, conversation.number


@lru_cache(maxsize=4096)
def _text(address: bytes) -> str:
    """An address as it is written (RFC 5952)."""
    return ".".join(map(str, address)) if len(address) == 4 else str(IPv6Address(address))  # noqa: PLR2004 - bytes of IPv4
