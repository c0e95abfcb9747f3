"""HL7 over MLLP between python-hl7's client and server, captured on the loopback."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from asepsis.evidence.wire.events import Hl7Said
from asepsis.model.study import Study
from tests.real import loopback
from tests.real.loopback import facts, fields, first_screen, found_by, recorded

hl7 = pytest.importorskip("hl7")
mllp = pytest.importorskip("hl7.mllp")
pytestmark = loopback.needs()

GATEWAY = loopback.own_address(2)
RATE, UNIT = "157784^MDC_FLOW_FLUID_PUMP^MDC", "265266^MDC_DIM_MILLI_L_PER_HR^MDC"
PULSE, PER_MINUTE = "149530^MDC_PULS_OXIM_PULS_RATE^MDC", "264864^MDC_DIM_BEAT_PER_MIN^MDC"


def message(kind: str, number: int, *segments: str) -> str:
    """As if made now: what is said of an old one is another matter."""
    made = datetime.now(UTC).strftime("%Y%m%d%H%M%S+0000")
    return "\r".join((f"MSH|^~\\&|BEDSIDE|WARD7|GATEWAY|WARD7|{made}||{kind}|M{number}|P|2.6", *segments)) + "\r"


PATIENT = "PID|||P-4711^^^WARD^PI||Nobody^Jane||19500101|F"
MESSAGES = (
    message("ADT^A01^ADT_A01", 1, "EVN||20260101120100", PATIENT, "PV1||I|WARD7^^3"),
    *(
        message("ORU^R01^ORU_R01", 2 + number, PATIENT, "OBR|1|||69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC",
                f"OBX|1|NM|{PULSE}|1.1.1.1|{60 + number}|{PER_MINUTE}|||||F|||||||MONITOR-3^^0002^EUI-64")
        for number in range(12)
    ),
    message("RGV^O15^RGV_O15", 20, PATIENT, "ORC|RE|ORDER-9^WARD7", "RXG|1|||0.9 % saline|100|263762^MDC_DIM_MILLI_L^MDC",
            "OBX|1||69986^MDC_DEV_PUMP_INFUS_VMD^MDC||||||||||||||||PUMP-3^^0003^EUI-64", f"OBX|2|NM|{RATE}||50|{UNIT}|||||F"),
)  # fmt: skip


async def _exchange(port: int) -> list[str]:
    """Say all messages in one connection; the answers."""

    async def answer(reader, writer):
        try:
            while not writer.is_closing():
                said = await reader.readmessage()
                writer.writemessage(said.create_ack())
                await writer.drain()
        except asyncio.IncompleteReadError:
            writer.close()
            await writer.wait_closed()

    async with await mllp.start_hl7_server(answer, host=GATEWAY, port=port):
        reader, writer = await mllp.open_hl7_connection(GATEWAY, port)
        answers = []
        for one in MESSAGES:
            writer.writemessage(hl7.parse(one))
            await writer.drain()
            answers.append(str((await reader.readmessage()).segment("MSA")[1]))
        writer.close()
        await writer.wait_closed()
        await asyncio.sleep(0.1)  # until the server has closed as well
    return answers


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    path, port = tmp_path_factory.mktemp("hl7") / "hl7.pcap", loopback.free_port(GATEWAY)
    with recorded(path, f"tcp port {port}"):
        assert asyncio.run(_exchange(port)) == ["AA"] * len(MESSAGES)
    return path, port


@pytest.fixture(scope="module")
def study(spoken: tuple[Path, int]) -> Study:
    return loopback.study_of(spoken[0])


def test_every_message_is_heard_as_it_was_said(spoken):
    events, complaints = loopback.events_of(spoken[0])
    said = [event for event in events if isinstance(event, Hl7Said)]
    assert complaints == []
    assert [event.message.decode() for event in said[::2]] == list(MESSAGES)
    answers = [str(hl7.parse(event.message.decode()).segment("MSA")[2]) for event in said[1::2]]
    assert answers == [str(hl7.parse(one).segment("MSH")[10]) for one in MESSAGES]


def test_wireshark_counts_as_many_messages(spoken):
    path, port = spoken
    rows = fields(path, "hl7", "hl7.message.type", decode_as=[f"tcp.port=={port},hl7"])
    seen = [kind for (kinds,) in rows for kind in kinds.split(",")]
    assert len(seen) == 2 * len(MESSAGES)
    assert seen.count("ACK") == len(MESSAGES)


def test_the_bedside_is_in_the_inventory_with_what_it_sends(study, spoken):
    (bedside,) = facts(study, "NetworkDevice", address="127.0.0.1")
    assert (bedside["kind"], bedside["name"], bedside["shown_by"]) == ("patient-monitor", "BEDSIDE/WARD7", ("hl7",))
    (gateway,) = facts(study, "NetworkDevice", address=GATEWAY)
    assert gateway["services"] == (f"hl7 {spoken[1]}",)
    assert "1 patient monitor" in first_screen(study)
    (talk,) = facts(study, "Conversed", protocol="hl7")
    assert talk["says"] == ("ADT^A01", "ORU^R01", "RGV^O15")


def test_orders_readings_and_records_in_clear_are_told_and_no_patient_is(study):
    flows = {fact["effect"]: fact for fact in facts(study, "Flow", protocol="hl7")}
    assert set(flows) == {"command", "reading", "record"}
    assert all(not flow["encrypted"] and not flow["authenticated"] and flow["patient_data"] for flow in flows.values())
    assert len(found_by(study, "flow_in_clear")) == len(found_by(study, "patient_data_exposed")) == 3
    documents = loopback.every_document(study)
    assert not [word for word in (b"Nobody", b"P-4711", b"19500101") if word in documents]
    assert not found_by(study, "dose_tampering")
