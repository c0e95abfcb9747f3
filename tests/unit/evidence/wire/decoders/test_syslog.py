"""Syslog: headers of RFC 5424 and RFC 3164."""

from __future__ import annotations

import pytest

from asepsis.evidence.wire.decoder import Match
from asepsis.evidence.wire.decoders.syslog import SyslogDecoder
from asepsis.evidence.wire.events import Asked
from tests.unit.evidence.wire.decoders.hearing import CLIENT, hear, hold_to_promises

SYSLOG = SyslogDecoder()


NEW, OLD = b"<34>1 2026-03-01T10:00:00Z pump-7 alarmd 99 - - John Doe bed 4", b"<13>Mar  1 10:00:00 pump-7 alarmd[99]: John Doe bed 4"


@pytest.mark.parametrize(
    ("data", "name", "program"),
    [
        (NEW, "pump-7", "alarmd"),
        (OLD, "pump-7", "alarmd"),
        (b"<13>Mar  1 10:00:00 dropbear[4]: exit", "", "dropbear"),
    ],
)
def test_who_reports(data: bytes, name: str, program: str):
    (named,) = hold_to_promises(SYSLOG, [(CLIENT, data), (CLIENT, data)], transport="udp", port=514)
    assert (named.address, named.name, named.attributes) == ("10.0.0.2", name, {"program": program})


def test_names_without_end_are_complained_of():
    said = [(CLIENT, b"<34>1 2026-03-01T10:00:00Z pump-%d alarmd 99 - - x" % number) for number in range(99)]
    events, complaints = hear(SYSLOG, said, transport="udp")
    assert len(events) == 32
    assert set(complaints) == {"syslog: more than 32 names and programs: the rest is not told"}


def test_a_report_without_a_name():
    assert hear(SYSLOG, [(CLIENT, b"<34>1 - - - - - - nobody")], transport="udp") == ([], [])


@pytest.mark.parametrize(
    ("data", "match"),
    [(b"<0>x", Match.YES), (b"<191>x", Match.YES), (b"<192>x", Match.NO), (b"<html>", Match.NO), (b"<1>", Match.NO), (b"", Match.NO)],
)
def test_what_is_recognised(data: bytes, match: Match):
    assert SYSLOG.recognises(data, b"") is match


HEAD = b"<85>1 2026-03-01T10:00:00Z ct7 audit 9 IHE+RFC-3881 - "
AUDIT = HEAD + b"<AuditMessage><ParticipantObjectIdentification ParticipantObjectID=%b %b/></AuditMessage>"


@pytest.mark.parametrize(
    "words",
    [
        b"alarm for patient_id=123456", b"Patient Name: Doe^John", b'{"patientId": "7"}', b"MRN=0815", b"saw PID|1||0815^^^H", b"patient-name='Doe'",
        b"patient id = 1234 saved",
    ],
)  # fmt: skip
def test_a_report_names_a_patient(words: bytes):
    events = hold_to_promises(SYSLOG, [(CLIENT, b"<13>Mar  1 10:00:00 pump-7 alarmd[99]: " + words)] * 2, transport="udp", port=514)
    assert [(one.verb, one.subject) for one in events if isinstance(one, Asked)] == [("report", "patient")]
    assert not any(word in repr(events) for word in ("Doe", "0815", "123456"))


@pytest.mark.parametrize(
    "words",
    [
        b"patient_id=- discharged", b"patient id: none", b"PatientID=(null)", b"patient_name=''", b"MRN=unknown", b"patient mode changed", b"mrn= ",
        b"inpatient identity=7", b"PID|1||", b"pid=991", b"patient_id=****",
    ],
)  # fmt: skip
def test_a_report_that_names_none(words: bytes):
    events, _ = hear(SYSLOG, [(CLIENT, b"<13>Mar  1 10:00:00 pump-7 alarmd[99]: " + words)], transport="udp")
    assert [one for one in events if isinstance(one, Asked)] == []


@pytest.mark.parametrize(
    ("codes", "named"),
    [
        (b"ParticipantObjectTypeCode='1' ParticipantObjectTypeCodeRole='1'", 1),
        (b"ParticipantObjectTypeCode='2' ParticipantObjectTypeCodeRole='3'", 0),  # an examination
        (b"ParticipantObjectTypeCode='2' ParticipantObjectTypeCodeRole='1'", 0),
    ],
)
def test_an_audit_message_is_about_a_patient_by_its_codes(codes: bytes, named: int):
    events, _ = hear(SYSLOG, [(CLIENT, AUDIT % (b"'0815'", codes))], transport="udp")
    assert len([one for one in events if isinstance(one, Asked)]) == named
