r"""HL7 v2 messages, written from the standard (chapter 2 and 2A): delimiters, escapes, character sets, times, batches."""

from __future__ import annotations

import time

import pytest

from asepsis.evidence.protocols import hl7

ORDER = (
    b"MSH|^~\\&|IOP^1234^EUI-64|WARD|PUMP^77^EUI-64|ICU|20261125140000.1234+0100||RGV^O15^RGV_O15|C1|P|2.6|||AL|ER|||||IHE_1^IHE PCD^1.3.6^ISO\r"
    b"PID|||98765^^^IHE^PI~4711&X^^^H||Doe^John\r"
    b"RXG|1|||1234^Dopamin|250\r"
    b'OBX|1||69986^MDC_DEV_PUMP_INFUS_VMD^MDC||""||||||X\r'
)


def with_header(rest: str, codec: str = "latin-1") -> bytes:
    return f"MSH|^~\\&|A|B|C|D|20260101||ORU^R01|1|P|2.6||||||{rest}\r".encode(codec)


def test_a_message_says_who_what_when_and_to_whom() -> None:
    message = hl7.parse(ORDER)
    assert message.kind == ("RGV", "O15")
    assert (message.control_id, message.version, message.time) == ("C1", "2.6", "20261125140000.1234+0100")
    assert message.sender == "IOP^1234^EUI-64/WARD"
    assert message.receiver == "PUMP^77^EUI-64/ICU"
    assert message.profile == "IHE_1^IHE PCD^1.3.6^ISO"
    assert [segment.name for segment in message.segments] == ["MSH", "PID", "RXG", "OBX"]
    assert message.notes == ()


def test_fields_components_sub_components_and_repetitions_count_from_one() -> None:
    pid = hl7.parse(ORDER).first("PID")
    assert pid is not None
    assert (pid.text(3), pid.text(3, 4), pid.text(3, 5)) == ("98765", "IHE", "PI")
    assert pid.repeats(3) == 2
    assert (pid.text(3, repeat=2), pid.text(3, 1, 2, 2)) == ("4711", "X")
    assert pid.parts(3, 2) == ["4711&X", "", "", "H"]
    assert (pid.text(5, 9), pid.text(40), pid.text(3, repeat=3), pid.repeats(40), pid.parts(40)) == ("", "", "", 0, [])
    assert pid.text(0) == pid.text(-1) == ""


def test_a_null_is_no_absent_field() -> None:
    obx = hl7.parse(ORDER).all("OBX")[0]
    assert (obx.null(5), obx.text(5)) == (True, '""')
    assert (obx.null(6), obx.text(6)) == (False, "")


def test_the_delimiters_are_those_of_msh() -> None:
    message = hl7.parse(b"MSH$%~\\@$A%1@2$$$$$$ACK%A01\rMSA$AA$x\\F\\y\\S\\\r")
    assert message.kind == ("ACK", "A01")
    assert message.header.text(3, 2, 2) == "2"
    assert message.header.text(1) == "$"
    assert message.header.text(2) == "%~\\@"
    assert message.segments[1].text(2) == "x$y%"


@pytest.mark.parametrize(("encoding", "sub", "truncation"), [("^~\\&", "&", ""), ("^~\\&#", "&", "#"), ("^~\\", "", ""), ("^", "", "")])
def test_later_delimiters_may_be_left_out_and_a_fifth_may_follow(encoding: str, sub: str, truncation: str) -> None:
    message = hl7.parse(f"MSH|{encoding}|A&B^C\r".encode())
    assert (message.delimiters.sub, message.delimiters.truncation) == (sub, truncation)
    assert message.header.text(3) == ("A" if sub else "A&B")
    assert message.header.text(3, 2) == "C"
    assert message.header.text(3, 1, 2) == ("B" if sub else "")


def test_a_delimiter_named_twice_keeps_its_first_meaning_and_is_noted() -> None:
    message = hl7.parse(b"MSH|^~\\\\&|A&B\r")  # as some senders write it, who escape the escape
    assert message.delimiters.sub == "&"
    assert message.notes == ("MSH-2 gives one character two meanings: the first is taken",)


@pytest.mark.parametrize(
    ("data", "offset"),
    [(b"", 0), (b"PID|1", 0), (b"MSH", 3), (b"MSHX^~\\&", 3), (b"MSH\r", 3), (b"MSH||A", 4), (b"MSH|^~\\&#!|A", 4), (b"MSH|^~A&|", 4), (b"MSH|", 4)],
)
def test_what_has_no_usable_header_is_broken(data: bytes, offset: int) -> None:
    with pytest.raises(hl7.Broken) as told:
        hl7.parse(data)
    assert told.value.offset == offset


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"a\F\b\S\c\T\d\R\e\E\f", "a|b^c&d~e\\f"),
        (r"1\X0D0A\2", "1\r\n2"),
        (r"\.br\next", "\nnext"),
        (r"\H\loud\N\ ", r"\H\loud\N\ "),
        (r"C:\temp\F\x", r"C:\temp|x"),
        (r"\X4\ \XGG\ \F", r"\X4\ \XGG\ \F"),
        (r"\E\F\E\ ".rstrip(), r"\F\ ".rstrip()),
    ],
)
def test_escapes_are_taken_out_and_what_is_none_is_kept(written: str, meant: str) -> None:
    message = hl7.parse(b"MSH|^~\\&|\rNTE|" + written.encode() + b"|\r")
    assert message.segments[1].text(1) == meant


@pytest.mark.parametrize(
    ("named", "codec", "text"),
    [
        ("", "utf-8", "µg"),
        ("", "latin-1", "µg"),
        ("ASCII", "latin-1", "µg"),
        ("8859/1", "latin-1", "Müller"),
        ("8859/5", "iso8859_5", "мкг"),
        ("8859/15", "iso8859_15", "€"),
        ("UNICODE UTF-8", "utf-8", "微克"),
        ("~ISO IR87", "iso2022_jp_ext", "山田太郎"),
        ("ISO IR14~ISO IR87", "iso2022_jp_ext", "点滴"),
        ("GB 18030-2000", "gb18030", "微克"),
        ("BIG-5", "big5", "功\u8a31"),
        ("KS X 1001", "euc_kr", "수액"),
    ],
)
def test_text_is_in_the_character_set_that_msh_names(named: str, codec: str, text: str) -> None:
    message = hl7.parse(with_header(named) + f"NTE|1|{text}^z|end".encode(codec) + b"\r")
    assert message.segments[1].parts(2) == [text, "z"]
    assert message.segments[1].text(3) == "end"


def test_a_double_byte_that_looks_like_a_delimiter_parts_nothing() -> None:
    text = "儭"  # its second byte in BIG-5 is a vertical bar or another delimiter for one of these
    candidates = [character for character in map(chr, range(0x4E00, 0x9FA5)) if _second(character) in b"|^~\\&"]
    message = hl7.parse(with_header("BIG-5") + f"NTE|1|{''.join(candidates[:50])}{text}|end\r".encode("big5", "ignore"))
    assert message.segments[1].text(2).startswith("".join(candidates[:50]))
    assert message.segments[1].text(3) == "end"


def _second(character: str) -> int:
    wide = character.encode("big5", "ignore")
    return wide[1] if len(wide) == 2 else 0


@pytest.mark.parametrize(
    ("message", "note"),
    [
        (with_header("UNICODE UTF-8") + b"NTE|1|\xff\r", "bytes that its character set does not have"),
        (with_header("") + b"NTE|1|\xff\r", "bytes that its character set does not have"),
        (with_header("KLINGON") + b"NTE|1|x\r", "a character set that HL7 does not name: read as UTF-8 or Latin-1"),
        (with_header("") + b"NTE|\r" * hl7.MOST_SEGMENTS, "more than 20000 segments: the rest is not read"),
        (with_header("") + b"NTE" + b"|" * 600 + b"\r", "a segment of more than 512 fields: the rest is not read"),
    ],
)
def test_what_could_not_be_read_is_noted(message: bytes, note: str) -> None:
    assert hl7.parse(message).notes == (note,)


def test_bytes_outside_the_character_set_are_replaced() -> None:
    assert hl7.parse(with_header("UNICODE UTF-8") + b"NTE|1|a\xffb\r").segments[1].text(2) == "a\ufffdb"


@pytest.mark.parametrize("wide", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_message_in_utf_16_is_read_too(wide: str) -> None:
    assert hl7.parse(with_header("UNICODE UTF-16").decode().encode(wide)).kind == ("ORU", "R01")


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b"\n\r", b"\r\r"])
def test_lines_may_end_otherwise_than_they_should(end: bytes) -> None:
    message = hl7.parse(end + ORDER.replace(b"\r", end) + end)
    assert [segment.name for segment in message.segments] == ["MSH", "PID", "RXG", "OBX"]
    assert message.segments[1].text(5, 2) == "John"


def test_a_line_that_begins_no_segment_belongs_to_the_one_before() -> None:
    message = hl7.parse(b"MSH|^~\\&|\rOBX|1|TX|||first\nsecond PID line\rPIDX|z\r|||F\rNTE\rNTE|1\r")
    assert [segment.name for segment in message.segments] == ["MSH", "OBX", "NTE", "NTE"]
    assert message.segments[1].text(5) == "first\nsecond PID line\rPIDX"


def test_of_several_profiles_all_are_told() -> None:
    assert hl7.parse(b"MSH|^~\\&" + b"|" * 19 + b"A^^1.2^ISO~B\r").profile == "A^^1.2^ISO~B"


@pytest.mark.parametrize(
    ("text", "nanoseconds", "zone"),
    [
        ("19700101", 0, False),
        ("1970", 0, False),
        ("19700101000001.5+0000", 1_500_000_000, True),
        ("197001010100+0100", 0, True),
        ("19691231190000-0500", 0, True),
        ("20000229", 951_782_400 * 10**9, False),
        ("20080101123456-0600", 1_199_212_496 * 10**9, True),
        ("20261125140000.1234", 1_795_615_200 * 10**9 + 123_400_000, False),
        (" 19700101 ", 0, False),
    ],
)
def test_a_time_is_read_with_the_precision_that_it_has(text: str, nanoseconds: int, zone: bool) -> None:
    assert hl7.moment(text) == (nanoseconds, zone)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "197",
        "20261301",
        "20260230",
        "19000229",
        "2026010124",
        "202601010060",
        "20260101000060",
        "00000101",
        "20260101+9900",
        "2026010",
        "٢٠٢٦",
    ],
)
def test_what_is_no_time_is_none(text: str) -> None:
    assert hl7.moment(text) is None


def test_a_file_of_batches_gives_its_messages() -> None:
    one, two = b"MSH|^~\\&|A\rNTE|MSH|x\r", b"MSH$^~\\&$B\r"
    data = b"FHS|^~\\&|F\rBHS|^~\\&|B\r" + one + two + b"BTS|2\rBHS|^~\\&\r" + one + b"BTS|1\rFTS|2\r"
    assert list(hl7.messages(data)) == [one, two, one]
    assert list(hl7.messages(one + b"\x1c\r\x0b" + two)) == [one, two]
    assert list(hl7.messages(b"\xef\xbb\xbf" + one)) == [one]  # editors put a mark before it
    assert list(hl7.messages(b"")) == list(hl7.messages(b"PID|1\r")) == []


@pytest.mark.parametrize(
    "body",
    [
        b"OBX|5|" + b"A" * 10_000_000,
        b"OBX|" + b"A~" * 5_000_000,
        b"OBX|" + b"^" * 10_000_000,
        b"|" * 10_000_000,
        b"\r" * 10_000_000,
        b"\r\nA" * 3_000_000,
        b"OBX|" + b"\\F" * 5_000_000,
        b"OBX|" + b"\\X00" * 2_500_000,
        b"OBX|\r" * 2_000_000,
    ],
)
def test_a_huge_message_costs_no_more_than_its_length(body: bytes) -> None:
    start = time.process_time()
    message = hl7.parse(b"MSH|^~\\&|A|\r" + body)
    last = message.segments[-1]
    last.text(1, 2)
    last.text(1, repeat=hl7.MOST_PARTS)
    assert last.repeats(1) <= 5_000_001
    assert len(last.parts(1)) <= hl7.MOST_PARTS + 1
    assert len(message.segments) <= hl7.MOST_SEGMENTS
    assert message.notes is not None
    assert time.process_time() - start < 10
