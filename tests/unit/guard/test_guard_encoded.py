"""Flash images written as records: decoded in bounds, with and without unblob."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from asepsis.evidence.read import read
from asepsis.guard import encoded, formats, tools
from asepsis.guard.limits import STANDARD
from asepsis.guard.trouble import Trouble
from asepsis.model.evidence import Cause
from asepsis.model.facts import StoredSecret

SECRET = b"\0mqtts://pump:Zq7-drip@broker.net\0" + bytes(range(256)) * 20


def hex_line(address: int, kind: int, data: bytes) -> str:
    raw = bytes([len(data)]) + address.to_bytes(2, "big") + bytes([kind]) + data
    return ":" + (raw + bytes([-sum(raw) % 256])).hex().upper()


def intel_hex(*parts: tuple[int, bytes]) -> bytes:
    lines, upper = [], -1
    for start, data in parts:
        for at in range(0, len(data), 16):
            if (start + at) >> 16 != upper:
                upper = (start + at) >> 16
                lines.append(hex_line(0, 4, upper.to_bytes(2, "big")))
            lines.append(hex_line((start + at) & 0xFFFF, 0, data[at : at + 16]))
    return "\r\n".join([*lines, hex_line(0, 1, b""), ""]).encode()


def s_line(kind: int, address: int, data: bytes) -> str:
    width = {0: 2, 1: 2, 2: 3, 3: 4, 7: 4}[kind]
    raw = bytes([width + len(data) + 1]) + address.to_bytes(width, "big") + data
    return f"S{kind}" + (raw + bytes([~sum(raw) & 0xFF])).hex().upper()


def s_record(start: int, data: bytes, kind: int = 3) -> bytes:
    lines = [s_line(0, 0, b"pump"), *(s_line(kind, start + at, data[at : at + 16]) for at in range(0, len(data), 16)), s_line(7, 0, b"")]
    return "\n".join(lines).encode()


def ti_txt(start: int, data: bytes) -> bytes:
    return f"@{start:04X}\n".encode() + b"\n".join(data[at : at + 16].hex(" ").encode() for at in range(0, len(data), 16)) + b"\nq\n"


def uf2(start: int, data: bytes, family: int = 0, flags: int = 0) -> bytes:
    blocks = range(0, len(data), 256)
    return b"".join(
        struct.pack("<8I476sI", 0x0A324655, 0x9E5D5157, flags | (0x2000 if family else 0), start + at, len(data[at : at + 256]), number, len(blocks),
                    family, data[at : at + 256], 0x0AB16F30)
        for number, at in enumerate(blocks)
    )  # fmt: skip


def dfuse(start: int, data: bytes) -> bytes:
    element = struct.pack("<2I", start, len(data)) + data
    target = struct.pack("<6sBI255sII", b"Target", 0, 1, b"flash", len(element), 1) + element
    return b"DfuSe\x01" + struct.pack("<IB", 11 + len(target), 1) + target + bytes(16)


def decoded(kind: str, data: bytes, folder: Path) -> tuple[dict[str, bytes], list[Trouble]]:
    source, out = folder / "in", folder / "out"
    source.write_bytes(data)
    out.mkdir()
    troubles = encoded.open_image(kind, source, out)
    return {path.name: path.read_bytes() for path in sorted(out.iterdir())}, troubles


FORMATS = {
    "intel_hex": intel_hex((0x0800_0000, SECRET)),
    "s_record": s_record(0x0800_0000, SECRET),
    "ti_txt": ti_txt(0x0800_0000, SECRET),
    "uf2": uf2(0x0800_0000, SECRET),
    "dfuse": dfuse(0x0800_0000, SECRET),
}


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_is_recognised_and_gives_its_bytes_at_their_address(kind: str, tmp_path: Path):
    assert encoded.recognise(FORMATS[kind][:4096]) == kind
    assert decoded(kind, FORMATS[kind], tmp_path) == ({"image-08000000.bin": SECRET}, [])


@pytest.mark.parametrize("unblob", [True, False])
@pytest.mark.parametrize("kind", FORMATS)
def test_the_readers_see_the_decoded_bytes(kind: str, unblob: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    if unblob and not tools.unblob_installed():
        pytest.skip("unblob is not installed")
    monkeypatch.setattr(tools, "unblob_installed", lambda: unblob)
    path = tmp_path / "pump.fw"
    path.write_bytes(FORMATS[kind])
    result = read([str(path)], limits=STANDARD, digest_key=None, notice=lambda _: None)
    assert [fact.where.path for fact in result.facts if isinstance(fact, StoredSecret)] == ["pump.fw!image-08000000.bin"]
    assert [problem for problem in result.problems if problem.cause is not Cause.MISSING_TOOL] == []
    assert result.coverage.unopened == ("pump.fw!image-08000000.bin",)
    assert result.coverage.bytes_understood == 0


def test_a_hex_file_of_a_directory_is_opened_too(tmp_path: Path):
    (tmp_path / "pump.hex").write_bytes(FORMATS["intel_hex"])
    (tmp_path / "notes.hex").write_text("dead beef\n")
    result = read([f"dir:{tmp_path}"], limits=STANDARD, digest_key=None, notice=lambda _: None)
    assert [fact.where.path for fact in result.facts if isinstance(fact, StoredSecret)] == ["pump.hex!image-08000000.bin"]


def test_images_far_apart_stay_apart_and_cost_nothing(tmp_path: Path):
    files, troubles = decoded("intel_hex", intel_hex((0, b"a" * 32), (0xFFFF_FFF0, b"b" * 16)), tmp_path)
    assert files == {"image-00000000.bin": b"a" * 32, "image-fffffff0.bin": b"b" * 16}
    assert troubles == []


def test_a_gap_is_filled_as_erased_flash_is_and_order_does_not_matter(tmp_path: Path):
    files, _ = decoded("intel_hex", intel_hex((0x1000, b"b" * 16), (0x0, b"a" * 16)), tmp_path)
    assert files == {"image-00000000.bin": b"a" * 16 + b"\xff" * 0xFF0 + b"b" * 16}


def test_filling_gaps_has_an_end(tmp_path: Path):
    lines = [hex_line(0, 4, number.to_bytes(2, "big")) + "\n" + hex_line(0xFFFF, 0, b"x") for number in range(1000)]
    files, troubles = decoded("intel_hex", "\n".join(lines).encode(), tmp_path)
    assert sum(map(len, files.values())) < 17 * 1024 * 1024
    assert len(files) == encoded.MOST_IMAGES
    assert troubles[-1].cause is Cause.LIMIT_REACHED


def test_a_wrong_checksum_and_a_line_of_nonsense_are_said(tmp_path: Path):
    text = intel_hex((0, b"abcdefgh" * 4)).replace(b"61626364", b"61626365", 1) + b"hello\n:00\n" + b"A" * 5000
    files, troubles = decoded("intel_hex", text, tmp_path)
    assert len(files["image-00000000.bin"]) == 32
    assert [item.what for item in troubles] == [
        "1 records have a wrong checksum; they were read all the same",
        "3 records make no sense and were left out",
    ]


def test_records_that_overlap_are_said_and_the_later_counts(tmp_path: Path):
    files, troubles = decoded("intel_hex", intel_hex((0, b"old-old-"), (0, b"new-new-")), tmp_path)
    assert files == {"image-00000000.bin": b"new-new-"}
    assert "overlap" in troubles[0].what


def test_a_file_without_data_stays_shut(tmp_path: Path):
    _, troubles = decoded("intel_hex", hex_line(0, 1, b"").encode(), tmp_path)
    assert troubles[-1].shut


def test_two_processors_in_one_uf2_are_two_images(tmp_path: Path):
    data = uf2(0x1000, b"a" * 300, 0xE48BFF56) + uf2(0x1000, b"b" * 300, 0xADA52840) + uf2(0, b"c", flags=1) + uf2(0, b"d", flags=0x1000)
    files, troubles = decoded("uf2", data, tmp_path)
    assert {name: image[:1] for name, image in files.items()} == {"image-ada52840-00001000.bin": b"b", "image-e48bff56-00001000.bin": b"a"}
    assert "left out" in troubles[0].what


@pytest.mark.parametrize("cut", [1, 100, 600, 3000])
@pytest.mark.parametrize("kind", FORMATS)
def test_what_is_cut_short_gives_what_is_there(kind: str, cut: int, tmp_path: Path):
    files, _ = decoded(kind, FORMATS[kind][:cut], tmp_path)
    assert all(SECRET.startswith(image) for image in files.values())


@pytest.mark.parametrize(
    "text", [b":hello\n", b":10000000000000000000000000000000000000FF\n", b"S1 is a name\n", b"@media print\n", b"@12\nhello\n", b"", b"UF2\n"]
)
def test_other_texts_are_none(text: bytes):
    assert encoded.recognise(text) == ""
    assert formats.container(text) is None
