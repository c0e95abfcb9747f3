"""Flash images written as records with addresses: Intel HEX, Motorola S-record, TI-TXT, UF2, DfuSe. Decoded to ``image-<address>.bin`` files.

::

    Intel HEX   :LLAAAATT data CC        types 00 data, 01 end, 02 and 04 upper address bits; all bytes of a line add up to 0
    S-record    STLL address data CC     S1, S2, S3 data with 2, 3, 4 bytes of address; all bytes after ST add up to FF
    TI-TXT      @address, then lines of bytes, q
    UF2         blocks of 512 bytes: 55 46 32 0A 57 51 5D 9E  flags  address  size  number  blocks  family  data(476)  30 6F B1 0A
    DfuSe       DfuSe 01 size targets; Target alternative named name(255) size elements; address size data; all little-endian

Sources: Intel "Hexadecimal Object File Format Specification" (1988), Motorola "S-records" (srec(5)), Microsoft "UF2", ST UM0391.

Records that lie up to 64 KiB apart become one image, the gap filled with FF as erased flash is; what lies farther apart becomes an image of its own,
so that an address of 4 GiB costs nothing.

Known ways it lies: records in any order, records that overlap, checksums that are wrong; a UF2 file may hold images for several processors.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from asepsis.guard.limits import MIB
from asepsis.guard.trouble import Trouble
from asepsis.model.evidence import Cause

MOST_BYTES = 64 * MIB
"""Of an encoded file: many times the flash of the devices that are programmed with them."""
MOST_IMAGES = 256
_GAP_BYTES = 64 * 1024
_FILLER_BYTES = 16 * MIB
_ERASED = b"\xff"
_LONGEST_LINE, _NONSENSE = 1024, b"?"
_UF2_BLOCK = struct.Struct("<8I476sI")
_UF2_STARTS, _UF2_END = (0x0A324655, 0x9E5D5157), 0x0AB16F30
_NOT_FLASH, _IS_FILE, _HAS_FAMILY = 0x1, 0x1000, 0x2000
_DFUSE_TARGET = struct.Struct("<6sBI255sII")
_DFUSE_PREFIX = 11
_HEX_LINE = re.compile(rb":((?:[0-9A-Fa-f]{2}){5,260})\Z")
_S_LINE = re.compile(rb"S([0-9])((?:[0-9A-Fa-f]{2}){3,256})\Z")
_TI_ADDRESS, _TI_BYTES = re.compile(rb"@([0-9A-Fa-f]{1,8})\Z"), re.compile(rb"(?:[0-9A-Fa-f]{2}\s*)+\Z")
_S_ADDRESS_BYTES = {b"0": 2, b"1": 2, b"2": 3, b"3": 4}


@dataclass(slots=True)
class Records:
    """The data records of one file in their order, by group (a UF2 family), and how many lines were wrong in which way."""

    data: list[tuple[int, int, bytes]] = field(default_factory=list)
    wrong: dict[str, int] = field(default_factory=dict)

    def count(self, what: str) -> None:
        """One more line that is wrong in this way."""
        self.wrong[what] = self.wrong.get(what, 0) + 1

    def add(self, address: int, data: bytes, group: int = 0) -> None:
        """A data record."""
        if data:
            self.data.append((group, address, data))


_BEGINNINGS = frozenset({b":", b"S", b"@", b"U", b"D", b" ", b"\t", b"\r", b"\n"})
_CHECKSUM = "have a wrong checksum; they were read all the same"
_SYNTAX = "make no sense and were left out"


def recognise(head: bytes) -> str:
    """The kind of encoded image that begins with ``head``, or an empty string. Texts must begin with a record that is right to its checksum."""
    if head[:1] not in _BEGINNINGS:
        return ""
    if head.startswith(struct.pack("<2I", *_UF2_STARTS)):
        return "uf2"
    if head.startswith(b"DfuSe\x01"):
        return "dfuse"
    lines = head.lstrip().split(b"\n", 2)
    first = lines[0].rstrip()
    if (found := _HEX_LINE.match(first)) and _hex_fields(found.group(1)) is not None and sum(bytes.fromhex(found.group(1).decode())) % 256 == 0:
        return "intel_hex"
    if (found := _S_LINE.match(first)) and found.group(1) in _S_ADDRESS_BYTES and _s_sum(found.group(2)) == 0xFF:  # noqa: PLR2004
        return "s_record"
    return "ti_txt" if _TI_ADDRESS.match(first) and len(lines) > 1 and _TI_BYTES.match(lines[1].rstrip()) else ""


def open_image(kind: str, path: Path, folder: Path) -> list[Trouble]:
    """Write the images of an encoded file under ``folder``, which exists. Raises ``OSError``."""
    if path.stat().st_size > MOST_BYTES:
        return [Trouble(Cause.LIMIT_REACHED, f"an encoded image of more than {MOST_BYTES} bytes is not decoded", shut=True)]
    records = Records()
    READERS[kind](path.read_bytes(), records)
    troubles = [Trouble(Cause.BROKEN_INPUT, f"{count} records {what}") for what, count in records.wrong.items()]
    written = 0
    for group, address, image in _images(records, troubles):
        if written == MOST_IMAGES:
            troubles.append(Trouble(Cause.LIMIT_REACHED, f"there are more than {MOST_IMAGES} separate images; the rest was not written"))
            break
        family = f"{group:08x}-" if group else ""
        (folder / f"image-{family}{address:08x}.bin").write_bytes(image)
        written += 1
    return troubles if written else [*troubles, Trouble(Cause.BROKEN_INPUT, "there is no data record in it", shut=True)]


def _images(records: Records, troubles: list[Trouble]) -> Iterator[tuple[int, int, bytes]]:
    """Group, first address and bytes of each image, by address. Of two records that begin at one place the later one in the file counts."""
    filler, image, key, overlap = _FILLER_BYTES, bytearray(), (0, 0), False
    for group, address, data in sorted(records.data, key=lambda record: record[:2]):
        gap = address - key[1] - len(image)
        if image and (group != key[0] or gap > min(_GAP_BYTES, filler)):
            yield *key, bytes(image)
            image = bytearray()
        if not image:
            key, gap = (group, address), 0
        overlap = overlap or gap < 0
        filler -= max(0, gap)
        image += _ERASED * max(0, gap)
        start = address - key[1]
        image[start : start + len(data)] = data
    if image:
        yield *key, bytes(image)
    if overlap:
        troubles.append(Trouble(Cause.BROKEN_INPUT, "records overlap: two of them say what lies in one place"))


def _hex_fields(digits: bytes) -> tuple[int, int, bytes] | None:
    """Address, type and data of a record whose length is right."""
    raw = bytes.fromhex(digits.decode("ascii"))
    return (int.from_bytes(raw[1:3], "big"), raw[3], raw[4:-1]) if raw[0] == len(raw) - 5 else None


def _intel_hex(data: bytes, records: Records) -> None:
    upper = 0
    for line in _lines(data):
        found = _HEX_LINE.match(line)
        fields = _hex_fields(found.group(1)) if found else None
        if found is None or fields is None:
            records.count(_SYNTAX)
            continue
        if sum(bytes.fromhex(found.group(1).decode("ascii"))) % 256:
            records.count(_CHECKSUM)
        address, kind, content = fields
        if kind == 0:
            records.add(upper + address, content)
        elif kind in {2, 4} and len(content) == 2:  # noqa: PLR2004 - 16 bits
            upper = int.from_bytes(content, "big") << (4 if kind == 2 else 16)  # noqa: PLR2004


def _s_sum(digits: bytes) -> int:
    return sum(bytes.fromhex(digits.decode("ascii"))) % 256


def _s_record(data: bytes, records: Records) -> None:
    for line in _lines(data):
        found = _S_LINE.match(line)
        raw = bytes.fromhex(found.group(2).decode("ascii")) if found else b""
        if found is None or raw[0] != len(raw) - 1:
            records.count(_SYNTAX)
            continue
        if sum(raw) % 256 != 0xFF:  # noqa: PLR2004 - the checksum's complement
            records.count(_CHECKSUM)
        width = _S_ADDRESS_BYTES.get(found.group(1), 0)
        if width and found.group(1) != b"0" and len(raw) > width + 1:
            records.add(int.from_bytes(raw[1 : 1 + width], "big"), raw[1 + width : -1])


def _ti_txt(data: bytes, records: Records) -> None:
    address = 0
    for line in _lines(data):
        found = _TI_ADDRESS.match(line)
        if found:
            address = int(found.group(1), 16)
        elif _TI_BYTES.match(line):
            content = bytes.fromhex(line.decode("ascii"))
            records.add(address, content)
            address += len(content)
        elif line.lower() != b"q":
            records.count(_SYNTAX)


def _lines(data: bytes) -> Iterator[bytes]:
    """Lines that are not empty; comments of some tools begin with a semicolon."""
    for line in data.split(b"\n"):
        bare = line.strip(b" \t\r\0\x1a")
        if bare and not bare.startswith(b";"):
            yield bare if len(bare) <= _LONGEST_LINE else _NONSENSE


def _uf2(data: bytes, records: Records) -> None:
    for at in range(0, len(data), _UF2_BLOCK.size):
        block = data[at : at + _UF2_BLOCK.size]
        fields = _UF2_BLOCK.unpack(block) if len(block) == _UF2_BLOCK.size else ()
        if not fields or fields[:2] != _UF2_STARTS or fields[9] != _UF2_END or fields[4] > len(fields[8]):
            records.count(_SYNTAX)
        elif fields[2] & (_NOT_FLASH | _IS_FILE):
            records.count("are no flash content and were left out") if fields[2] & _IS_FILE else None
        else:
            records.add(fields[3], fields[8][: fields[4]], fields[7] if fields[2] & _HAS_FAMILY else 0)


def _dfuse(data: bytes, records: Records) -> None:
    at = _DFUSE_PREFIX
    for _ in range(data[10] if len(data) > 10 else 0):  # noqa: PLR2004 - number of targets
        if at + _DFUSE_TARGET.size > len(data):
            records.count(_SYNTAX)
            return
        sign, alternative, *_, elements = _DFUSE_TARGET.unpack_from(data, at)
        at += _DFUSE_TARGET.size
        for _ in range(min(elements, MOST_IMAGES) if sign == b"Target" else 0):
            address, size = struct.unpack("<2I", data[at : at + 8].ljust(8, b"\xff"))
            content = data[at + 8 : at + 8 + size]
            records.add(address, content, alternative)
            at += 8 + size
            if len(content) < size:
                records.count("break off")
                return


READERS: dict[str, Callable[[bytes, Records], None]] = {
    "intel_hex": _intel_hex,
    "s_record": _s_record,
    "ti_txt": _ti_txt,
    "uf2": _uf2,
    "dfuse": _dfuse,
}
"""By kind of encoded image."""
