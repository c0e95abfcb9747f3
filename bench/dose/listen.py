"""Let the observer of dose integrity listen to an exchange, as ``watch`` and ``assess`` do."""

from __future__ import annotations

from asepsis.evidence.wire.events import Hl7Said
from asepsis.evidence.wire.observer import Means
from asepsis.evidence.wire.observers.orders.observe import DoseIntegrity
from asepsis.evidence.wire.packet import Conversation, Endpoint, Side
from asepsis.guard.redact import Redactor
from asepsis.model.fact import Fact
from asepsis.model.where import Where
from dose.exchanges import START, Exchange, Timed

SECOND = 10**9


def facts_of(exchange: Exchange) -> list[Fact]:
    """All facts, with the capture's clock told once a second."""
    observer = DoseIntegrity(Means(lambda packet: Where("e1", f"{exchange.name}.pcap", packet=packet), Redactor(b"0123456789abcdef")))
    begin, facts, open_ones = int(START.timestamp()) * SECOND, list[Fact](), dict[int, Conversation]()
    clock = begin
    for packet, one in enumerate(exchange.messages, 1):
        now = begin + int(one.second * SECOND)
        while clock + SECOND <= now:
            clock += SECOND
            facts += observer.pass_time(packet, clock)
        conversation = open_ones.setdefault(one.conversation, _conversation(one, packet, now))
        side = Side.CLIENT if one.by_opener else Side.SERVER
        facts += observer.see(Hl7Said(conversation, side, packet, now, message=one.message))
    return facts + list(observer.finish(len(exchange.messages), clock))


def _conversation(one: Timed, packet: int, now: int) -> Conversation:
    ends = [Endpoint(*one.speaker), Endpoint(*one.hearer)]
    client, server = ends if one.by_opener else ends[::-1]
    return Conversation(one.conversation, "tcp", client, server, packet, now, opened_seen=True)
