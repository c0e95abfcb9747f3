"""DICOM's upper layer and DIMSE, from PS3.8 and PS3.7: bytes made here, expected values thought out."""

import struct

import pytest

from asepsis.evidence.wire.decoder import Match
from asepsis.evidence.wire.decoders.dicom import MAX_KEPT, DicomDecoder
from asepsis.evidence.wire.events import DicomAssociation, DimseSaid
from asepsis.evidence.wire.packet import Closing, Side
from tests.unit.evidence.wire.decoders.hearing import CLIENT as C
from tests.unit.evidence.wire.decoders.hearing import SERVER as S
from tests.unit.evidence.wire.decoders.hearing import Heard, cut, hear, hold_to_promises
from tests.unit.evidence.wire.decoders.hearing import content as content_of

DICOM = DicomDecoder()
VERIFICATION, CT, FIND, WORKLIST = "1.2.840.10008.1.1", "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.2.1.1", "1.2.840.10008.5.1.4.31"
IMPLICIT, EXPLICIT, BIG, DEFLATED = "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99"


def pdu(kind: int, body: bytes) -> bytes:
    return struct.pack(">BBI", kind, 0, len(body)) + body


def item(kind: int, body: bytes) -> bytes:
    return struct.pack(">BBH", kind, 0, len(body)) + body


def identity(kind: int, first: bytes, second: bytes = b"") -> bytes:
    return item(0x58, bytes([kind, 0]) + struct.pack(">H", len(first)) + first + struct.pack(">H", len(second)) + second)


def associate(kind: int, contexts: bytes, user: bytes = b"", called: bytes = b"PACS", calling: bytes = b"CT1") -> bytes:
    information = item(0x51, struct.pack(">I", 16384)) + item(0x52, b"1.2.276.0.7230010.3.0.3.6.7") + user + item(0x55, b"OFFIS_DCMTK_367")
    fixed = struct.pack(">HH", 1, 0) + called.ljust(16) + calling.ljust(16) + bytes(32)
    return pdu(kind, fixed + item(0x10, b"1.2.840.10008.3.1.1.1") + contexts + item(0x50, information))


def asked(number: int, abstract: str, *transfers: str) -> bytes:
    syntaxes = b"".join(item(0x40, transfer.encode()) for transfer in transfers)
    return item(0x20, bytes([number, 0, 0, 0]) + item(0x30, abstract.encode()) + syntaxes)


def answered(number: int, result: int, transfer: str = "") -> bytes:
    return item(0x21, bytes([number, 0, result, 0]) + item(0x40, transfer.encode()))


def element(tag: int, value: bytes) -> bytes:
    value += b"\0" * (len(value) % 2)
    return struct.pack("<HHI", tag >> 16, tag & 0xFFFF, len(value)) + value


def spelt(tag: int, vr: bytes, value: bytes, order: str = "<") -> bytes:
    value += b" " * (len(value) % 2)
    return struct.pack(order + "HH2sH", tag >> 16, tag & 0xFFFF, vr, len(value)) + value


def command(field: int, sop: str, message: int = 1, *, data_set: bool = False, status: int | None = None, destination: bytes = b"") -> bytes:
    number = 0x0120 if field & 0x8000 else 0x0110
    rest = element(0x0002, sop.encode()) + element(0x0100, struct.pack("<H", field)) + element(number, struct.pack("<H", message))
    rest += element(0x0600, destination) if destination else b""
    rest += element(0x0800, struct.pack("<H", 1 if data_set else 0x0101))
    rest += b"" if status is None else element(0x0900, struct.pack("<H", status))
    return element(0, struct.pack("<I", len(rest))) + rest


def fragment(context: int, control: int, content: bytes) -> bytes:
    return struct.pack(">IBB", len(content) + 2, context, control) + content


def said(context: int, words: bytes, content: bytes | None = None) -> bytes:
    """A message, each half in a PDU of its own."""
    return pdu(4, fragment(context, 3, words)) + (b"" if content is None else pdu(4, fragment(context, 2, content)))


def exchange(transfer: str, *messages: bytes, sop: str = CT) -> list[tuple[Side, bytes]]:
    return [
        (C, associate(1, asked(1, sop, transfer))),
        (S, associate(2, answered(1, 0, transfer))),
        *((C, message) for message in messages),
        (C, pdu(5, bytes(4))),
        (S, pdu(6, bytes(4))),
    ]


def messages(heard: Heard) -> list[DimseSaid]:
    return [event for event in heard.events if isinstance(event, DimseSaid)]


def associations(heard: Heard) -> list[DicomAssociation]:
    return [event for event in heard.events if isinstance(event, DicomAssociation)]


def test_an_association_says_who_calls_whom_for_what_and_with_which_software() -> None:
    request = associate(1, asked(1, VERIFICATION, IMPLICIT) + asked(3, CT, EXPLICIT, IMPLICIT), identity(2, b"ctoperator", b"Radi0"))
    accept = associate(2, answered(1, 0, IMPLICIT) + answered(3, 3))
    heard = hear(DICOM, [(C, request), (S, accept), (C, pdu(5, bytes(4))), (S, pdu(6, bytes(4)))])
    first, second, third = associations(heard)
    assert (first.kind, first.side, first.called, first.calling, first.contexts) == ("request", C, "PACS", "CT1", (VERIFICATION, CT))
    assert (first.implementation, first.implementation_version) == ("1.2.276.0.7230010.3.0.3.6.7", "OFFIS_DCMTK_367")
    assert (first.identity, first.user, first.password) == (2, b"ctoperator", b"Radi0")
    assert (second.kind, second.side, second.contexts) == ("accept", S, (f"{VERIFICATION} acceptance", f"{CT} abstract-syntax-not-supported"))
    assert (third.kind, third.side) == ("release", C)
    assert heard.complaints == []


def test_a_token_of_a_user_identity_is_as_secret_as_a_password() -> None:
    (event,) = associations(hear(DICOM, [(C, associate(1, asked(1, CT, IMPLICIT), identity(5, b"eyJ.a.b")))]))
    assert (event.identity, event.user, event.password) == (5, b"", b"eyJ.a.b")


def test_rejection_and_abort_say_why_and_about_whom() -> None:
    heard = hear(DICOM, [(C, associate(1, asked(1, CT, IMPLICIT))), (S, pdu(3, b"\0\1\1\3")), (S, pdu(7, b"\0\0\2\5"))])
    _, reject, abort = associations(heard)
    assert (reject.kind, reject.calling, reject.reason) == ("reject", "CT1", (1, 1, 3))
    assert (abort.kind, abort.reason) == ("abort", (0, 2, 5))


def test_an_echo_and_its_answer() -> None:
    exchanged = exchange(IMPLICIT, said(1, command(0x0030, VERIFICATION, 7)), sop=VERIFICATION)
    exchanged.insert(3, (S, said(1, command(0x8030, VERIFICATION, 7, status=0))))
    one, other = messages(hear(DICOM, exchanged))
    assert (one.command, one.side, one.sop_class, one.message_id, one.status, one.bytes) == (0x0030, C, VERIFICATION, 7, None, 0)
    assert (other.command, other.side, other.sop_class, other.message_id, other.status) == (0x8030, S, VERIFICATION, 7, 0)


def test_an_image_says_its_device_and_dose_and_that_it_names_somebody_but_not_whom() -> None:
    content = spelt(0x00080060, b"CS", b"CT") + spelt(0x00080070, b"LO", b"Acme") + spelt(0x00081090, b"LO", b"Scan 9")
    content += spelt(0x00100010, b"PN", b"DOE^JANE") + spelt(0x00180060, b"DS", b"120") + spelt(0x00181020, b"LO", b"4.2")
    content += spelt(0x00189345, b"FD", struct.pack("<d", 12.5)) + struct.pack("<HH2sHI", 0x7FE0, 0x10, b"OW", 0, 8) + b"\1" * 8
    (event,) = messages(hear(DICOM, exchange(EXPLICIT, said(1, command(1, CT, data_set=True), content))))
    expected = {
        "Modality": "CT",
        "Manufacturer": "Acme",
        "ManufacturerModelName": "Scan 9",
        "KVP": "120",
        "SoftwareVersions": "4.2",
        "CTDIvol": "12.5",
    }
    assert event.elements == expected
    assert event.identifies_patient
    assert event.bytes == len(content)
    assert not event.wildcard
    assert "DOE" not in repr(event)


def test_of_sequences_the_dose_counts_and_the_device_does_not() -> None:
    inner = spelt(0x00080070, b"LO", b"Other") + spelt(0x00180060, b"DS", b"80")
    sequence = struct.pack("<HH2sHI", 0x5200, 0x9229, b"SQ", 0, 0xFFFFFFFF) + struct.pack("<HHI", 0xFFFE, 0xE000, 0xFFFFFFFF)
    sequence += inner + struct.pack("<HHI", 0xFFFE, 0xE00D, 0) + struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)
    content = spelt(0x00081010, b"SH", b"ROOM2") + sequence + spelt(0x54000010, b"LO", b"behind")
    (event,) = messages(hear(DICOM, exchange(EXPLICIT, said(1, command(1, CT, data_set=True), content))))
    assert event.elements == {"StationName": "ROOM2", "KVP": "80"}


def test_a_sequence_of_stated_length_ends_where_it_says() -> None:
    entry = element(0x00080070, b"Other ")
    entry = struct.pack("<HHI", 0xFFFE, 0xE000, len(entry)) + entry
    content = element(0x0018A001, entry) + element(0x00181020, b"1.0 ")
    (event,) = messages(hear(DICOM, exchange(IMPLICIT, said(1, command(1, CT, data_set=True), content))))
    assert event.elements == {"SoftwareVersions": "1.0"}


def test_big_endian_is_read_and_deflated_is_not() -> None:
    content = spelt(0x00080060, b"CS", b"MR", ">")
    (event,) = messages(hear(DICOM, exchange(BIG, said(1, command(1, CT, data_set=True), content))))
    assert event.elements == {"Modality": "MR"}
    (event,) = messages(hear(DICOM, exchange(DEFLATED, said(1, command(1, CT, data_set=True), spelt(0x00080060, b"CS", b"MR")))))
    assert (event.elements, event.bytes) == ({}, 10)


@pytest.mark.parametrize(
    ("keys", "everybody"),
    [
        ({0x00080052: b"STUDY", 0x00100010: b"*"}, True),
        ({0x00080052: b"STUDY", 0x00100010: b"", 0x00100020: b""}, True),
        ({0x00080052: b"STUDY", 0x00080020: b"20260101-", 0x00100010: b"*"}, True),
        ({0x00080052: b"STUDY", 0x00080060: b"CT", 0x00100010: b""}, False),
        ({0x00080052: b"STUDY", 0x00100010: b"DOE*"}, False),
        ({0x00080052: b"STUDY", 0x00100010: b"*", 0x00100020: b"4711"}, False),
        ({0x00080052: b"STUDY", 0x00080050: b"A77", 0x00100010: b"*"}, False),
        ({0x00080052: b"SERIES", 0x0020000D: b"1.2.3"}, False),
        ({0x00080052: b"STUDY"}, True),
    ],
)
def test_a_query_for_everybody_is_known(keys: dict[int, bytes], everybody: bool) -> None:
    content = b"".join(element(tag, value + b" " * (len(value) % 2)) for tag, value in keys.items())
    (event,) = messages(hear(DICOM, exchange(IMPLICIT, said(1, command(0x20, FIND, data_set=True), content), sop=FIND)))
    assert event.wildcard is everybody
    assert event.identifies_patient is (b"DOE*" in keys.values() or b"4711" in keys.values())


def test_a_worklist_query_for_one_station_is_not_for_everybody() -> None:
    step = element(0x00400001, b"CT1 ") + element(0x00400002, b"20260101")
    content = element(0x00100010, b"") + element(0x00400100, struct.pack("<HHI", 0xFFFE, 0xE000, len(step)) + step)
    (event,) = messages(hear(DICOM, exchange(IMPLICIT, said(1, command(0x20, WORKLIST, data_set=True), content), sop=WORKLIST)))
    assert not event.wildcard


def test_a_query_of_something_that_is_no_patient_is_not_for_everybody() -> None:
    sop = "1.2.840.10008.5.1.4.38.2"  # hanging protocols
    (event,) = messages(hear(DICOM, exchange(IMPLICIT, said(1, command(0x20, sop, data_set=True), element(0x00720002, b"")), sop=sop)))
    assert not event.wildcard


def test_a_move_says_where_to() -> None:
    content = element(0x00100020, b"4711")
    (event,) = messages(hear(DICOM, exchange(IMPLICIT, said(1, command(0x21, FIND, data_set=True, destination=b"EVIL"), content), sop=FIND)))
    assert (event.command, event.destination) == (0x21, "EVIL")


def store(content: bytes, size: int = 1000) -> bytes:
    """A C-STORE whose data set is in many fragments, two in each PDU."""
    parts = [content[at : at + size] for at in range(0, len(content), size)]
    fragments = [fragment(1, 2 if at == len(parts) - 1 else 0, part) for at, part in enumerate(parts)]
    return said(1, command(1, CT, data_set=True)) + b"".join(pdu(4, b"".join(fragments[at : at + 2])) for at in range(0, len(fragments), 2))


@pytest.mark.parametrize("piece", [1, 2, 3, 5, 7, 11, 64, 1460])
def test_the_cut_into_packets_does_not_matter(piece: int) -> None:
    content = spelt(0x00080060, b"CS", b"CT") + spelt(0x00100010, b"PN", b"DOE") + bytes(5000)
    exchanged = exchange(EXPLICIT, store(content), said(1, command(0x30, VERIFICATION)))
    whole, pieces = hear(DICOM, exchanged), hear(DICOM, cut(exchanged, piece))
    assert content_of(pieces.events) == content_of(whole.events)
    assert pieces.complaints == whole.complaints == []
    assert messages(whole)[0].bytes == len(content)


def test_what_is_behind_the_kept_beginning_is_counted_only() -> None:
    content = (
        spelt(0x00080060, b"CS", b"CT")
        + struct.pack("<HH2sHI", 0x0009, 0x1001, b"OB", 0, MAX_KEPT)
        + bytes(MAX_KEPT)
        + spelt(0x00181020, b"LO", b"9")
    )
    (event,) = messages(hear(DICOM, exchange(EXPLICIT, store(content, 16000))))
    assert (event.bytes, event.elements) == (len(content), {"Modality": "CT"})


def test_a_truncation_at_any_byte_breaks_nothing_and_adds_nothing() -> None:
    stream = b"".join(data for side, data in exchange(EXPLICIT, store(spelt(0x00080060, b"CS", b"CT") + bytes(200), 100)) if side is C)
    whole = [type(event) for event in hear(DICOM, [(C, stream)]).events]
    for end in range(len(stream)):
        shorter = hear(DICOM, [(C, stream[:end])], how=Closing.CAPTURE_ENDED)
        assert shorter.complaints == []
        assert [type(event) for event in shorter.events] == whole[: len(shorter.events)]


def test_an_end_within_a_pdu_is_complained_of() -> None:
    heard = hear(DICOM, [(C, associate(1, asked(1, CT, IMPLICIT))[:50])], how=Closing.RESET)
    assert heard.complaints == ["a DICOM connection ends within a PDU"]


@pytest.mark.parametrize(
    ("lie", "complaint"),
    [
        (struct.pack(">BBI", 4, 0, 0xFFFFFFFF), "a DICOM PDU that claims 4294967295 bytes"),
        (struct.pack(">BBI", 1, 0, 0xFFFFFFFF), "a DICOM PDU of type 1 that claims 4294967295 bytes"),
        (struct.pack(">BBI", 2, 0, 3), "a DICOM PDU of type 2 that claims 3 bytes"),
        (struct.pack(">BBI", 5, 0, 400), "a DICOM PDU of type 5 that claims 400 bytes"),
        (b"\x63\0\0\0\0\4\0\0\0\0", "a DICOM PDU of the unknown type 99"),
        (pdu(4, struct.pack(">IBB", 900, 1, 3) + b"xx"), "a DICOM fragment that claims 900 bytes in a PDU that has 4 left"),
        (pdu(4, struct.pack(">IBB", 0, 1, 3) + b"xx"), "a DICOM fragment that claims 0 bytes in a PDU that has 4 left"),
        (pdu(4, fragment(1, 3, command(0x30, VERIFICATION))[:5]), "a DICOM P-DATA-TF with bytes that are no fragment"),
        (pdu(4, fragment(1, 3, b"junk")), "a DICOM command set that cannot be read"),
        (pdu(4, fragment(1, 3, bytes(20000))), "a DICOM command set that cannot be read"),
        (pdu(4, fragment(9, 2, b"xx")), "a DICOM fragment of presentation context 9, which was not agreed on"),
        (associate(1, item(0x20, b"\1\0\0\0") + b"\x20\0\xff\xff"), "items of a DICOM association that do not fit into their PDU"),
    ],
)
@pytest.mark.parametrize("piece", [100_000, 1])
def test_a_lie_is_told_and_the_rest_is_read(lie: bytes, complaint: str, piece: int) -> None:
    heard = hear(DICOM, cut(exchange(EXPLICIT, lie, said(1, command(0x30, VERIFICATION, 77))), piece))
    assert heard.complaints == [complaint]
    assert [event.message_id for event in messages(heard)] == [77]


def test_a_data_set_that_never_ends_is_told_with_the_next_command() -> None:
    endless = said(1, command(1, CT, 5, data_set=True)) + pdu(4, fragment(1, 0, bytes(100))) * 50
    heard = hear(DICOM, exchange(EXPLICIT, endless, said(1, command(0x30, VERIFICATION, 6))))
    assert [(event.message_id, event.bytes) for event in messages(heard)] == [(5, 5000), (6, 0)]
    assert heard.complaints == ["a DICOM command within a message whose data set has not ended"]


def test_a_data_set_in_another_context_than_its_command_is_complained_of() -> None:
    contexts = asked(1, CT, EXPLICIT) + asked(3, CT, EXPLICIT), answered(1, 0, EXPLICIT) + answered(3, 0, EXPLICIT)
    message = said(1, command(1, CT, data_set=True)) + pdu(4, fragment(3, 2, b"xx"))
    heard = hear(DICOM, [(C, associate(1, contexts[0])), (S, associate(2, contexts[1])), (C, message)])
    assert heard.complaints == ["a DICOM data set of another presentation context than its command"]


def test_memory_stays_bounded_whatever_comes() -> None:
    said_so_far = [(C, associate(1, asked(1, CT, EXPLICIT))), (C, said(1, command(1, CT, data_set=True)))]
    heard = hear(DICOM, [*said_so_far, *[(C, pdu(4, fragment(1, 0, bytes(60000))))] * 100])
    assert messages(heard)[0].bytes == 6_000_000


def test_bytes_missing_within_an_image_are_counted_on() -> None:
    content = spelt(0x00080060, b"CS", b"CT") + bytes(50_000)
    message = said(1, command(1, CT, data_set=True), content)
    at = len(message) - 30_000
    both = [(C, message[:at]), (C, 20_000), (C, message[at + 20_000 :]), (C, said(1, command(0x30, VERIFICATION, 2)))]
    heard = hear(DICOM, [*exchange(EXPLICIT)[:2], *both])
    assert [(event.message_id, event.bytes, event.elements) for event in messages(heard)] == [(1, len(content), {"Modality": "CT"}), (2, 0, {})]
    assert heard.complaints == []


@pytest.mark.parametrize("piece", [100_000, 1, 13])
def test_after_a_gap_across_messages_the_next_whole_pdu_is_found(piece: int) -> None:
    message = said(1, command(1, CT, 3, data_set=True), bytes(5000))
    both = [(C, message[:1000]), (C, 9000), (C, b"\4\0\1\2" * 50 + said(1, command(0x30, VERIFICATION, 4)))]
    heard = hear(DICOM, cut([*exchange(EXPLICIT)[:2], *both], piece))
    assert [event.message_id for event in messages(heard)] == [3, 4]


def test_from_the_middle_on_messages_are_understood_without_the_association() -> None:
    content = spelt(0x00080060, b"CS", b"CT") + spelt(0x00100020, b"LO", b"4711")
    heard = hear(DICOM, [(C, b"\0\1" * 40 + said(1, command(1, CT, 9, data_set=True), content))], opened_seen=False)
    (event,) = messages(heard)
    assert (event.message_id, event.elements, event.identifies_patient) == (9, {"Modality": "CT"}, True)
    assert heard.complaints == []


def test_it_is_recognised_by_what_it_says() -> None:
    request, message = associate(1, asked(1, CT, IMPLICIT)), said(1, command(0x30, VERIFICATION))
    assert DICOM.recognises(request[:512], b"") is Match.YES
    assert DICOM.recognises(message[:512], b"") is Match.YES
    assert DICOM.recognises(b"\x99" * 512, message[:512]) is Match.YES
    assert DICOM.recognises(b"", b"") is Match.MORE
    for end in range(1, 10):
        assert DICOM.recognises(request[:end], b"") is Match.MORE
    assert DICOM.recognises(b"GET / HTTP/1.1\r\n", b"") is Match.NO
    assert DICOM.recognises(b"\x16\3\1\2\0\1\0\1\xfc\3\3" + bytes(30), b"") is Match.NO
    assert DICOM.recognises(b"\4\0" + bytes(40), b"") is Match.NO


DIALOGUE: list[tuple[Side, bytes]] = [
    (C, associate(1, asked(1, CT, EXPLICIT), identity(2, b"u", b"p"))),
    (S, associate(2, answered(1, 0, EXPLICIT))),
    (C, store(spelt(0x00080060, b"CS", b"CT") + bytes(300), 100)),
    (S, said(1, command(0x8001, CT, status=0))),
    (C, pdu(5, bytes(4))),
]
QUERY = exchange(IMPLICIT, said(1, command(0x20, FIND, data_set=True), element(0x00100010, b"* ")), sop=FIND)
MIDDLE: list[tuple[Side, bytes]] = [(C, bytes(30) + said(1, command(0x21, FIND, data_set=True, destination=b"EVIL"), element(0x00100020, b"4711")))]


def test_it_keeps_what_every_listener_promises() -> None:
    assert len(hold_to_promises(DICOM, DIALOGUE)) == 5
