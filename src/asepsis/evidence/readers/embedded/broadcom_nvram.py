"""The NVRAM of Broadcom's routers and modules, wherever it lies in a flash dump.

::

    0   "FLSH" ("HSLF" where the processor is big-endian)     4   length with this header     8   CRC-8, version, SDRAM settings
    12  SDRAM settings                                        20  name=value NUL name=value NUL … NUL

Source: ``nvram_header`` of Linux ``include/linux/bcm47xx_nvram.h`` and ``drivers/firmware/broadcom``. The checksum is not asked for: a
list with a broken one is still read by whoever has the chip.

Known ways it lies: a second, older copy at the other end of the chip; a secret stays in the list when the network no longer uses it.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Sequence

from asepsis.evidence.patterns import Match, Pattern
from asepsis.evidence.protocols.nvram import secret_of
from asepsis.evidence.protocols.secrets import is_documentation
from asepsis.evidence.protocols.text import MAX_VALUE
from asepsis.evidence.reader import Emit, Malformed, ReaderInfo
from asepsis.guard.limits import KIB, LimitReached
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Confidence, StoredSecret

_BEGINS = rb"(?:FLSH|HSLF).{16}[A-Za-z0-9_][A-Za-z0-9_.:/\-]{0,63}="
_HEADER = 20
_MOST_BYTES = 256 * KIB
"""Partitions have 32 to 128 KiB."""
_MOST_PARTITIONS = 32
_MOST_SETTINGS = 8192
_NAME = re.compile(r"[A-Za-z0-9_][\w.:/\-]{0,63}\Z")


class BroadcomNvramReader:
    """Emits one :class:`StoredSecret` for each secret; its subject is the SSID of the same network."""

    info = ReaderInfo(
        "broadcom_nvram",
        "Broadcom NVRAM in any file",
        (StoredSecret,),
        ("NVRAM partitions with the header FLSH in any file",),
        ("a secret stays when the network no longer uses it",),
    )
    patterns = (Pattern("header", _BEGINS, before=96, after=0),)

    def read_matches(self, source: BoundedSource, matches: Sequence[Match], emit: Emit) -> None:
        """Each partition; one that is cut short is read as far as it goes. Raises ``Malformed`` for it afterwards."""
        confidence = Confidence.WEAK if is_documentation(source.where().path) else Confidence.CONFIRMED
        cut = None
        for match in matches[:_MOST_PARTITIONS]:
            length = struct.unpack_from("<I" if match.text.startswith(b"FLSH") else ">I", match.text, 4)[0]
            if not _HEADER < length <= _MOST_BYTES:
                continue
            _read_partition(source, match.start, length, confidence, emit)
            if match.start + length > source.size and cut is None:
                cut = match.start
        if cut is not None:
            raise Malformed("the NVRAM is cut short", offset=cut)
        if len(matches) > _MOST_PARTITIONS:
            raise LimitReached("nvram_partitions", _MOST_PARTITIONS, len(matches))


def _read_partition(source: BoundedSource, start: int, length: int, confidence: Confidence, emit: Emit) -> None:
    settings = list(_settings(bytes(source.buffer[start + _HEADER : start + length])))
    names = {key: value for _, key, value in settings}
    for offset, key, value in settings:
        secret = secret_of(source, source.where(offset=start + _HEADER + offset), key, value, names, confidence)
        if secret:
            emit(secret)


def _settings(data: bytes) -> Iterator[tuple[int, str, str]]:
    """Offset, name and value of each setting, up to the empty one that ends the list."""
    at = count = 0
    while at < len(data) and count < _MOST_SETTINGS:
        stop = data.find(b"\0", at)
        item = data[at : stop if stop >= 0 else len(data)]
        key, found, value = item.decode("utf-8", "surrogateescape").partition("=")
        if not found or not _NAME.match(key):
            return
        yield at, key, value.strip()[:MAX_VALUE]
        at += len(item) + 1
        count += 1
