"""Who speaks with whom: every pair of ends once, with what was said, and no more than fits."""

from __future__ import annotations

from collections.abc import Iterable
from unittest.mock import patch

from asepsis.evidence.wire.events import Asked, Closed, DimseSaid, Event, Hl7Said, Opened
from asepsis.evidence.wire.observer import Means
from asepsis.evidence.wire.observers import peers
from asepsis.evidence.wire.observers.peers import PeersObserver
from asepsis.evidence.wire.packet import Conversation, Endpoint, Side
from asepsis.guard.redact import Redactor
from asepsis.model.facts import Conversed, Fact
from asepsis.model.where import Where

MEANS = Means(lambda packet: Where("e1", "ward.pcap", packet=packet), Redactor(b"k" * 32))
SECOND = 1_000_000_000


def talk(port: int, protocol: str = "hl7", *, client: str = "10.0.0.2", transport: str = "tcp", seen: bool = True, at: int = 10) -> Conversation:
    made = Conversation(
        1, transport, Endpoint(client, 50_000 + at), Endpoint("10.0.0.9", port), at, at * SECOND, seen, answered=True, protocol=protocol
    )
    made.packets[:] = [4, 3]
    made.last_packet, made.last_time = at + 5, (at + 5) * SECOND
    return made


def shown(*events: Event) -> list[Conversed]:
    observer = PeersObserver(MEANS)
    facts: Iterable[Fact] = [fact for event in events for fact in observer.see(event)]
    return [fact for fact in (*facts, *observer.finish(99, 0)) if isinstance(fact, Conversed)]


def closed(one: Conversation) -> Closed:
    return Closed(one, Side.CLIENT, one.last_packet, one.last_time)


def test_conversations_of_the_same_ends_are_one_whatever_port_the_client_has() -> None:
    (fact,) = shown(closed(talk(2575, at=10)), closed(talk(2575, at=70)))
    assert fact == Conversed(
        Where("e1", "ward.pcap", packet=10), "10.0.0.2", "10.0.0.9", 2575, "tcp", "hl7", times=2, packets=14, began=10, ended=75,
    )  # fmt: skip


def test_each_side_is_told_by_the_kinds_of_clinical_message_that_it_sent() -> None:
    one = talk(3000)
    order, answer = (b"MSH|^~\\&|A||B||2026||%s|1|P|2.6\r" % kind for kind in (b"RGV^O15^RGV_O15", b"ACK^O15"))
    (fact,) = shown(
        Hl7Said(one, Side.CLIENT, 12, 0, message=order), Hl7Said(one, Side.SERVER, 13, 0, message=answer),
        Asked(one, Side.CLIENT, 14, 0, protocol="fhir"), Asked(one, Side.CLIENT, 14, 0, protocol="vnc"),
        DimseSaid(one, Side.CLIENT, 15, 0, command=1), DimseSaid(one, Side.SERVER, 16, 0, command=0x8001, status=0), closed(one),
    )  # fmt: skip
    assert (fact.says, fact.answers) == (("C-STORE", "RGV^O15", "fhir"), ("ACK^O15",))


def test_nothing_but_a_kind_of_message_is_repeated_from_it() -> None:
    one = talk(3000)
    said = (b"MSH|^~\\&|A||B||2026||Doe^John|1|P|2.6\r", b"MSH|", b"\xff\x00", b"MSH|^~\\&|A||B||2026||ORU^R01-Doe|1|P|2.6\r")
    (fact,) = shown(*(Hl7Said(one, Side.CLIENT, 12, 0, message=message) for message in said), closed(one))
    assert fact.says == ()


def test_who_never_answered_over_tcp_was_not_spoken_with() -> None:
    silent = talk(2575)
    silent.answered = False
    deaf = talk(162, "snmp", transport="udp")
    deaf.packets[:] = [1, 0]
    assert [fact.port for fact in shown(Opened(silent, Side.CLIENT, 1, 0, answered=False), closed(silent), closed(deaf))] == [162]


def test_that_no_beginning_was_seen_is_told_until_one_is() -> None:
    (fact,) = shown(closed(talk(2575, seen=False)))
    assert fact.guessed
    (fact,) = shown(closed(talk(2575, seen=False)), closed(talk(2575, seen=True, at=90)))
    assert not fact.guessed


def test_more_ends_than_fit_are_counted_and_told() -> None:
    with patch.object(peers, "_MOST", 2):
        facts = shown(*(closed(talk(port)) for port in (1, 2, 3, 4, 2)))
    assert [(fact.port, fact.times, fact.left_out) for fact in facts] == [(1, 1, 0), (2, 2, 2)]
