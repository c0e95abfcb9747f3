"""A ward's network written as events: a clock, devices that speak, what observers make of it. No packets, no sockets."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from heapq import heappop, heappush

from asepsis.evidence.wire.events import Closed, DicomAssociation, Event, Hl7Said, Named, Opened, SoapSaid
from asepsis.evidence.wire.observer import Means, Observer
from asepsis.evidence.wire.packet import Closing, Conversation, Endpoint, Side
from asepsis.guard.redact import Redactor
from asepsis.model.facts import Disturbance
from asepsis.model.where import Where

SECOND = 1_000_000_000
START = 1_700_000_000 * SECOND
MEANS = Means(lambda packet: Where("e1", "ward.pcap", packet=packet), Redactor(b"k" * 32))


class Ward:
    """Deeds are put on a time line in seconds and happen in order; once a second of the capture, as long as packets come, time passes."""

    def __init__(self, observers: list[Observer], seed: int = 7) -> None:
        self.observers, self.random = observers, random.Random(seed)
        self.facts: list[Disturbance] = []
        self._deeds: list[tuple[float, int, Callable[[int, int], None]]] = []
        self._count, self._talks, self._packet = 0, 0, 0

    def at(self, second: float, deed: Callable[[int, int], None]) -> None:
        """``deed(packet, time)`` happens then."""
        self._count += 1
        heappush(self._deeds, (second, self._count, deed))

    def run(self, until: float) -> list[Disturbance]:
        """Let it all happen; the capture ends at ``until``."""
        told, packet, time = -1.0, 0, START
        while self._deeds and self._deeds[0][0] <= until:
            second, _, deed = heappop(self._deeds)
            self._packet += 1
            packet, time = self._packet, START + int(second * SECOND)
            if second - told >= 1:
                told = second
                self._take(fact for one in self.observers for fact in one.pass_time(packet, time))
            deed(packet, time)
        self._take(fact for one in self.observers for fact in one.finish(packet, time))
        return self.facts

    def _take(self, facts: Iterator[object]) -> None:
        self.facts += [fact for fact in facts if isinstance(fact, Disturbance)]

    def see(self, event: Event) -> None:
        """Tell the observers."""
        for one in self.observers:
            self._take(one.see(event))

    # ----- what devices do

    def talk(
        self, packet: int, time: int, client: str, server: str, port: int, transport: str = "tcp", protocol: str = "", *, seen: bool = True
    ) -> Conversation:
        """A conversation begins, answered; or is joined in its middle."""
        self._talks += 1
        made = Conversation(
            self._talks, transport, Endpoint(client, 40_000 + self._talks % 20_000), Endpoint(server, port), packet, time, opened_seen=seen
        )
        made.answered, made.protocol, made.last_time, made.last_packet = True, protocol, time, packet
        made.packets[:] = [2, 1] if transport == "tcp" else [1, 0]
        self.see(Opened(made, Side.CLIENT, packet, time))
        return made

    def say(self, talk: Conversation, side: Side, packet: int, time: int, size: int = 100, answer: int = 1) -> None:
        """Bytes of one side, acknowledged by the other."""
        talk.payload[side] += size
        talk.packets[side] += 1
        talk.packets[side.other] += answer
        talk.last_packet, talk.last_time = packet, time

    def close(self, talk: Conversation, packet: int, time: int, how: Closing = Closing.FINISHED, side: Side = Side.CLIENT) -> None:
        """It is over."""
        self.see(Closed(talk, side, packet, time, how=how))

    def in_vain(self, packet: int, time: int, client: str, server: str, port: int) -> None:
        """A handshake that nobody answers, told ten seconds later."""
        self._talks += 1
        made = Conversation(
            self._talks, "tcp", Endpoint(client, 40_000 + self._talks % 20_000), Endpoint(server, port), packet, time, opened_seen=True
        )
        made.packets[0] = 1
        self.at((time - START) / SECOND + 10, lambda number, later: self.see(Opened(made, Side.CLIENT, number, later, answered=False)))

    def every(self, period: float, begin: float, end: float, deed: Callable[[int, int], None], jitter: float = 0.0, missed: float = 0.0) -> None:
        """Again and again, not quite on time; some are missed."""
        second = begin
        while second < end:
            if self.random.random() >= missed:
                self.at(second + self.random.uniform(0, jitter), deed)
            second += period


class Pump:
    """Reports to a server over one connection, by HL7."""

    def __init__(self, ward: Ward, address: str, server: str = "10.0.0.100", device: str = "") -> None:
        self.ward, self.address, self.server, self.device = ward, address, server, device
        self.talk: Conversation | None = None

    def report(self, packet: int, time: int) -> None:
        """One report, on a new connection if there is none."""
        if self.talk is None:
            self.talk = self.ward.talk(packet, time, self.address, self.server, 3000, protocol="hl7")
        self.ward.say(self.talk, Side.CLIENT, packet, time, 600)
        self.ward.see(Hl7Said(self.talk, Side.CLIENT, packet, time, message=report(self.device)))

    def hang_up(self, packet: int, time: int, how: Closing = Closing.FINISHED) -> None:
        """Its connection ends."""
        if self.talk:
            self.ward.close(self.talk, packet, time, how)
            self.talk = None

    def break_off(self, packet: int, time: int) -> None:
        """Its connection is reset."""
        self.hang_up(packet, time, Closing.RESET)

    def once(self, packet: int, time: int) -> None:
        """A report on a connection of its own."""
        self.report(packet, time)
        self.hang_up(packet, time)


def report(device: str = "", kind: str = "ORU^R01^ORU_R01") -> bytes:
    """A report as pumps make it (IHE DEC), without a patient."""
    obx = f"OBX|1||69986^MDC_DEV_PUMP_INFUS_VMD^MDC|1.1.0.0|||||||X|||||||{device}\r" if device else ""
    return f"MSH|^~\\&|PUMP^0012210000000001^EUI-64||DOC||20231114||{kind}|1|P|2.6\r{obx}".encode()


def release(ward: Ward, address: str) -> Callable[[int, int], None]:
    """It gives its address back."""

    def deed(packet: int, time: int) -> None:
        talk = ward.talk(packet, time, address, "10.0.0.1", 67, "udp", "dhcp")
        ward.see(Named(talk, Side.CLIENT, packet, time, address=address, how="dhcp", attributes={"message": "release"}))

    return deed


def bye(ward: Ward, address: str) -> Callable[[int, int], None]:
    """It says goodbye by WS-Discovery."""

    def deed(packet: int, time: int) -> None:
        talk = ward.talk(packet, time, address, "239.255.255.250", 3702, "udp")
        ward.see(SoapSaid(talk, Side.CLIENT, packet, time, action="http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01/Bye"))

    return deed


def association(ward: Ward, address: str, server: str) -> Callable[[int, int], None]:
    """One image is sent, and released as it should be."""

    def deed(packet: int, time: int) -> None:
        talk = ward.talk(packet, time, address, server, 104, protocol="dicom")
        ward.see(DicomAssociation(talk, Side.CLIENT, packet, time, kind="request", called="PACS", calling="CT1"))
        ward.say(talk, Side.CLIENT, packet, time, 5000)
        ward.see(DicomAssociation(talk, Side.CLIENT, packet, time, kind="release"))
        ward.close(talk, packet, time)

    return deed
