"""Dose integrity: the labelled exchanges, and what a fact may say."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from asepsis.evidence.protocols import hl7, pcd
from asepsis.evidence.wire.events import Hl7Said
from asepsis.evidence.wire.observer import Means
from asepsis.evidence.wire.observers.orders.check import REMEMBERED, Recent
from asepsis.evidence.wire.observers.orders.observe import DoseIntegrity
from asepsis.evidence.wire.packet import Conversation, Endpoint, Side
from asepsis.guard.redact import Redactor
from asepsis.model.dose import DoseDoubt, DoseSign, DoseTraffic, OrderSeen, ReportSeen, Sign
from asepsis.model.dose_assumptions import ASSUMED
from asepsis.model.fact import Confidence
from asepsis.model.where import Where

BENCH = Path(__file__).parents[5] / "bench"
SEEDS = 3


@pytest.fixture(scope="module")
def labelled() -> Iterator[SimpleNamespace]:
    """The labelled exchanges, which are no part of the installed program."""
    sys.path.insert(0, str(BENCH))
    try:
        from dose import exchanges, listen

        yield SimpleNamespace(exchanges=tuple(exchanges.exchanges(SEEDS)), facts_of=listen.facts_of)
    finally:
        sys.path.remove(str(BENCH))


def test_every_attack_is_told_and_nothing_of_everyday_is(labelled):
    wrong = []
    for exchange in labelled.exchanges:
        signs = {fact.sign for fact in labelled.facts_of(exchange) if isinstance(fact, DoseSign)}
        if not signs & exchange.signs if exchange.signs else signs:
            wrong.append((exchange.name, exchange.seed, signs))
    assert wrong == []
    assert len({exchange.name for exchange in labelled.exchanges if exchange.signs}) >= 24
    assert len({exchange.name for exchange in labelled.exchanges if not exchange.signs}) >= 24


def test_no_fact_holds_anything_of_a_patient(labelled):
    for exchange in labelled.exchanges:
        text = repr(labelled.facts_of(exchange))
        assert "Muster" not in text
        assert "19700101" not in text


def test_what_was_heard_in_single_messages_is_told_in_the_same_words_twice(labelled):
    one = labelled.exchanges[0]
    assert labelled.facts_of(one) == labelled.facts_of(one)


# --- single messages ---------------------------------------------------------------------------------------------------------------------

CLIENT, SERVER = Endpoint("10.0.0.1", 40000), Endpoint("10.0.0.2", 3000)
MINUTE = 60 * 10**9


def observer() -> DoseIntegrity:
    return DoseIntegrity(Means(lambda packet: Where("e1", "ward.pcap", packet=packet), Redactor(b"0123456789abcdef")))


def say(to: DoseIntegrity, text: str, number: int = 1, minutes: float = 0, side: Side = Side.CLIENT, spoiled: int = 0, speaker: Endpoint = CLIENT):
    conversation = Conversation(number, "tcp", speaker, SERVER, number, 0, opened_seen=True, spoiled=[spoiled, 0])
    return list(to.see(Hl7Said(conversation, side, number, int(minutes * MINUTE), message=text.replace("\n", "\r").encode())))


def order(rate: str = "10", control: str = "7", made: str = "19700101000000+0000", unit: str = "ug/kg/min", action: str = "RE") -> str:
    return (
        f"MSH|^~\\&|IOP|H|IOC|H|{made}||RGV^O15^RGV_O15|{control}|P|2.6|||AL|ER\nPID|||4711^^^H^MR||Muster^Erika\nORC|{action}|900\n"
        f"RXG|1|||1^Dopamine|250||mL||||||||{rate}|{unit}|400|mg|||||250|mL\nRXR|IV\nOBX|1||69986^MDC_DEV_PUMP_INFUS_VMD^MDC||||||||X|||||||^^A1^V\n"
        "OBX|2|NM|68063^MDC_ATTR_PT_WEIGHT^MDC||85.0|kg\n"
    )


def test_a_changed_rate_under_one_control_id_is_told_at_once_and_surely():
    watch = observer()
    assert say(watch, order()) == []
    (sign,) = say(watch, order("90"), number=2)
    assert (sign.sign, sign.confidence, sign.subject) == (Sign.ALTERED, Confidence.CONFIRMED, "900")
    assert sign.shown[0] == "rate 10 ug/kg/min → 90 ug/kg/min"
    assert (sign.where.packet, sign.other_packets) == (2, ("1",))


def test_the_same_dose_in_other_units_is_no_other_order():
    """10 ug/kg/min × 85 kg × 60 / 1000 = 51 mg/h; / 1.6 mg/mL = 31.875 mL/h."""
    for rate, unit in (("51", "mg/h"), ("31.9", "mL/h"), ("850", "mcg/min"), ("10.0", "µg/kg/min"), ("0.6", "mg/kg/h")):
        watch = observer()
        say(watch, order())
        assert say(watch, order(rate, unit=unit), number=2) == [], unit
    watch = observer()
    say(watch, order())
    assert [one.sign for one in say(watch, order("32.5", unit="mL/h"), number=2)] == [Sign.ALTERED]


def test_what_one_saying_leaves_out_is_told_as_likely():
    watch = observer()
    say(watch, order())
    (sign,) = say(watch, order().replace("OBX|2|NM|68063^MDC_ATTR_PT_WEIGHT^MDC||85.0|kg\n", ""), number=2)
    assert (sign.confidence, sign.shown[0]) == (Confidence.LIKELY, "weight 85.0 kg → left out")


def test_what_is_stated_of_a_ward_decides():
    """A relay that keeps an order for three minutes: within ten it is the same order, and beyond one it is another."""
    for minutes, told in ((10, [Sign.ALTERED]), (1, [])):
        watch = DoseIntegrity(
            Means(lambda packet: Where("e1", "ward.pcap", packet=packet), Redactor(b"k" * 16), doses=replace(ASSUMED, relay_minutes=minutes))
        )
        say(watch, order())
        relayed = order("90", control="R7").replace("|IOP|H|", "|RELAY|H|")
        conversation = Conversation(2, "tcp", CLIENT, Endpoint("10.0.0.9", 3000), 2, 0, opened_seen=True)
        facts = watch.see(Hl7Said(conversation, Side.CLIENT, 2, 3 * MINUTE, message=relayed.replace("\n", "\r").encode()))
        assert [one.sign for one in facts] == told


def test_bytes_that_two_senders_sent_are_told():
    (sign,) = say(observer(), order(), spoiled=90)
    assert (sign.sign, sign.confidence) == (Sign.ALTERED, Confidence.LIKELY)


def test_a_new_order_under_an_old_control_id_is_none_that_was_altered():
    watch = observer()
    say(watch, order())
    assert say(watch, order("12", made="19700101020000+0000", action="XO").replace("|900", "|901"), number=2, minutes=120) == []


def test_repetition_without_any_acknowledgement_in_the_capture_is_a_doubt():
    watch = observer()
    say(watch, order())
    (doubt,) = say(watch, order(), number=2, minutes=30)
    assert isinstance(doubt, DoseDoubt)
    assert doubt.sign is Sign.REPLAYED


def test_an_answer_that_repeats_another_order_is_sure():
    watch = observer()
    say(watch, order())
    answer = order("90").replace("RGV^O15^RGV_O15|7", "RRG^O16^RRG_O16|99").replace("IOP|H|IOC", "IOC|H|IOP").replace("PID|", "MSA|AA|7\nPID|")
    (sign,) = say(watch, answer, number=2)
    assert (sign.sign, sign.confidence) == (Sign.CONTRADICTED, Confidence.CONFIRMED)


def test_orders_and_amounts_of_traffic_are_counted_and_kept_for_other_captures():
    watch = observer()
    say(watch, order())
    facts = list(watch.finish(1, 0))
    (seen,) = [fact for fact in facts if isinstance(fact, OrderSeen)]
    assert (seen.control_id, seen.rate, seen.strength, seen.volume, seen.pump) == ("7", "10 ug/kg/min", "400 mg", "250 mL", ("A1",))
    assert "4711" not in repr(facts)
    assert [(fact.orders, fact.reports) for fact in facts if isinstance(fact, DoseTraffic)] == [(1, 0)]
    assert list(observer().finish(0, 0)) == []


def test_broken_messages_and_other_messages_are_passed_over():
    watch = observer()
    for text in (
        "",
        "MSH",
        "MSH|",
        "MSH|^~\\&",
        "MSH|^~\\&|||||||RGV^O15",
        "MSH|^~\\&|||||||ORU^R01\nOBX",
        "MSH|^~\\&|||||||ORU^R40\nOBX|1",
        "nonsense",
    ):
        assert say(watch, text) == []
    long = order() + "OBX|3|NM|157784^X^MDC|1.1|" + "9" * 100_000 + "|mL/h\n"
    say(watch, long)


def test_a_message_cut_at_any_byte_breaks_nothing():
    raw = order().replace("\n", "\r").encode()
    for end in range(len(raw)):
        watch = observer()
        conversation = Conversation(1, "tcp", CLIENT, SERVER, 1, 0)
        list(watch.see(Hl7Said(conversation, Side.CLIENT, 1, 0, message=raw[:end])))
        list(watch.finish(1, 0))


def test_memory_is_bounded_and_says_so():
    watch = observer()
    for number in range(REMEMBERED + 50):
        say(watch, order(control=str(number)).replace("|900", f"|A{number}").replace("^^A1^", f"^^N{number}^"), number=number + 1, minutes=number)
    (traffic,) = [fact for fact in watch.finish(1, 0) if isinstance(fact, DoseTraffic)]
    assert traffic.forgotten >= 50
    few: Recent[int, int] = Recent(2)
    for number in range(4):
        few.put(number, number)
    assert (few.values(), few.forgotten) == ([2, 3], 2)


def test_the_frameworks_arithmetic_of_a_report():
    """5 ug/kg/min × 82 kg at 1.6 mg/mL is 15.375 mL/h: 15.4 fits, 16.4 does not."""
    rows = ["157784|15.4|mL/h", "157924|5.00|ug/kg/min", "157760|1.6|mg/mL", "68063|82.0|kg"]
    text = "MSH|^~\\&|P|H|D|H|20260101||ORU^R01|1|P|2.6\nOBR|1\n" + "\n".join(
        f"OBX|{number}|NM|{code}^^MDC|1.1.2.{number}|{value}|{unit}" for number, (code, value, unit) in enumerate(row.split("|") for row in rows)
    )
    assert say(observer(), text) == []
    assert [one.sign for one in say(observer(), text.replace("15.4", "16.4"))] == [Sign.ARITHMETIC]


def test_a_pump_is_named_in_several_ways():
    for told, name in (("^^A0001^V", "A0001"), ("A0001^V", "A0001"), ("A0001", "A0001"), ("E2^^0012210000000000^EUI-64", "E2")):
        message = hl7.parse(order().replace("^^A1^V", told).replace("\n", "\r").encode())
        assert pcd.orders(message, str.upper)[0].pump == (name,)


def report(rate: str) -> str:
    rows = (("157924", rate, "ug/kg/min"), ("157760", "1.6", "mg/mL"), ("68063", "85.0", "kg"))
    observed = "\n".join(f"OBX|{number}|NM|{code}^^MDC|1.1.2.{number}|{value}|{unit}" for number, (code, value, unit) in enumerate(rows))
    return f"MSH|^~\\&|P|H|D|H|20260101||ORU^R01|1|P|2.6\nPID|||4711^^^H^MR\nOBR|1\nOBX|9||70049^^MDC|1.0.0.0|||||||X|||||||A1\n{observed}\n"


def test_an_application_acknowledgement_on_the_orders_own_conversation_keeps_what_was_promised():
    """MSH-16 AL without any answer is a sign; with AA on the same conversation it is none, though no bedside was seen."""
    for answer, told in (("CA", [Sign.UNCONFIRMED]), ("AA", [])):
        watch = observer()
        say(watch, order().replace("|AL|ER", "|AL|AL"))
        say(watch, f"MSH|^~\\&|IOC|H|IOP|H|||ACK^O15|8|P|2.6\nMSA|{answer}|7", side=Side.SERVER)
        say(watch, report("10.0"), number=2, minutes=1)
        assert [fact.sign for fact in watch.finish(2, 2 * MINUTE) if isinstance(fact, DoseSign)] == told


def test_reports_are_kept_for_other_captures_when_they_change_and_at_the_end():
    watch = observer()
    for number, rate in enumerate(("10", "10", "12", "12"), 1):
        text = (
            f"MSH|^~\\&|PUMP|H|DOC|H|1970010100000{number}+0000||ORU^R01^ORU_R01|{number}|P|2.6\nPID|||4711^^^H^MR||Muster^Erika\nOBR|1|900\n"
            f"OBX|1|NM|157784^MDC_FLOW_FLUID_PUMP^MDC|1.1.2.1|{rate}|mL/h|||||R|||||||A1^V"
        )
        say(watch, text, number=number)
    kept = [one for one in watch.finish(4, MINUTE) if isinstance(one, ReportSeen)]
    assert [(one.where.packet, one.order, one.pump, one.flow, one.gives) for one in kept] == [
        (2, "900", ("A1",), "10 mL/h", True),
        (4, "900", ("A1",), "12 mL/h", True),
    ]
    assert [one.moment // 10**9 for one in kept] == [2, 4]
    assert "4711" not in repr(kept)
