"""Fuzz HL7 messages and what pumps say in them: ``python fuzz/fuzz_wire_hl7.py`` (with atheris), or ``python fuzz/run.py wire_hl7``."""

from harness import EMITTED, main
from tests.unit.evidence.test_hl7 import ORDER as MESSAGE
from tests.unit.evidence.wire.observers.test_dose_integrity import order

from asepsis.evidence.protocols import hl7, mdc, pcd, pcd_reports

ALARM = (
    "MSH|^~\\&|PUMP^00A0^EUI-64|H|AM|H|20260101||ORU^R40^ORU_R40|9|P|2.6\nOBR|1|||196616^MDC_EVT_ALARM^MDC\n"
    "OBX|1|ST|196616^MDC_EVT_ALARM^MDC|1.1.1|0^MDC_EVT_OCCL|||PM~SP\nOBX|2|NM|157784^^MDC|1.1.2|520|mL/h|90-96\n"
    "OBX|3|ST|68481^MDC_ATTR_EVENT_PHASE^MDC|1.1.3|start\nOBX|4|ST|68482^MDC_ATTR_ALARM_STATE^MDC|1.1.4|active\n"
)
ANSWER = "MSH|^~\\&|IOC|H|IOP|H|||ACK^O15|8|P|2.6\nMSA|AE|7\nERR|||207^x^HL70357|E\n"
SEEDS = (MESSAGE, *(text.replace("\n", "\r").encode() for text in (order(), order().replace("RGV^O15", "ORU^R01"), ANSWER, ALARM)))
UNITS = 50
"""Of one message whose text is also taken for units and times."""


def TestOneInput(data: bytes) -> None:  # noqa: N802 - atheris calls it so
    """Whatever a file holds: nothing is raised but that it is no message, and no patient leaves in clear."""
    for said in hl7.messages(data):
        try:
            message = hl7.parse(said)
        except hl7.Broken:
            continue
        EMITTED["Message"] += 1
        assert all(note.isprintable() for note in message.notes)
        for words in (message.sender, message.receiver, message.profile, *message.kind, message.control_id):
            assert isinstance(words, str)
        _meanings(message)
        for read in (pcd.orders, pcd_reports.reports):
            assert len(read(message, lambda _: "digest")) <= pcd.MOST_ORDERS
        pcd.answer(message)
        pcd.alarm(message)
        pcd.watched(message, str)


def _meanings(message: hl7.Message) -> None:
    for segment in message.segments[:UNITS]:
        hl7.moment(segment.text(7))
        for field in (3, 6):
            mdc.told(segment.parts(field))
            mdc.term(segment.text(field))


if __name__ == "__main__":
    main(TestOneInput)
