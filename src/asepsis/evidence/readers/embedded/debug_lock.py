"""Whether a processor's debug connector (SWD, JTAG) is locked, where a flash image holds the bytes that say so.

Images decoded from Intel HEX, S-records, UF2 and DfuSe are named after their address (:mod:`asepsis.guard.encoded`); these words lie in them:

| processor | address | open | locked |
|---|---|---|---|
| nRF52 (UICR.APPROTECT) | 10001208 | 5A | anything else |
| STM32 F1 (option bytes) | 1FFFF800 | A5 5A | anything else |
| STM32 F0, F3 | 1FFFF800 | AA 55 | anything else |
| STM32 F2, F4 (byte 1) | 1FFFC000 | AA | anything else |
| STM32 L0, L1 | 1FF80000 | AA | anything else |
| STM32 L4, G0, G4 | 1FFF7800 | AA | anything else |

Sources: Nordic product specifications (nRF52840 1.7), ST reference manuals RM0008, RM0091, RM0090, RM0377, RM0351.

Known ways it lies: an erased word (FFFFFFFF) means open on an older nRF52 and locked on a newer one, and may be a gap between records, so it says
nothing for sure; the maker may lock the processor in production by another way than this image.
"""

from __future__ import annotations

import re

from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Gives, HardwareAccess

_IMAGE = re.compile(r"(?:^|/)image-(?:[0-9a-f]{8}-)?([0-9a-f]{8})\.bin$")
_NRF52 = 0x1000_1208
_STM32 = {
    0x1FFF_F800: ("STM32", 0, frozenset({0xA5, 0xAA})),
    0x1FFF_C000: ("STM32 F2 or F4", 1, frozenset({0xAA})),
    0x1FF8_0000: ("STM32 L0 or L1", 0, frozenset({0xAA})),
    0x1FFF_7800: ("STM32 L4 or G", 0, frozenset({0xAA})),
}
"""Address of the option bytes → family, place of the read-out protection, values for level 0."""
_SWD = "SWD debug connector"


class DebugLockReader:
    """Emits a :class:`HardwareAccess` for each lock that the image sets or leaves open."""

    info = ReaderInfo(
        "debug_lock",
        "Locks of the debug connector in flash images",
        (HardwareAccess,),
        ("option bytes and UICR in decoded images",),
        ("production may lock it by other means",),
    )
    signs = Signs(paths=(_IMAGE,))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """An image whose bytes cover one of the words."""
        address = _address(path)
        near = address is not None and any(address <= word <= address + len(head) - 4 for word in (_NRF52, *_STM32))
        return Sureness.YES if near else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Word by word, those that are there whole."""
        base = _address(source.path) or 0
        for word in (_NRF52, *_STM32):
            at = word - base
            if 0 <= at <= source.size - 4:
                emit(_lock(source, word, at))


def _address(path: str) -> int | None:
    found = _IMAGE.search(path)
    return int(found.group(1), 16) if found else None


def _lock(source: BoundedSource, word: int, at: int) -> HardwareAccess:
    raw = bytes(source.buffer[at : at + 4])
    family, place, open_values = ("nRF52", 0, frozenset({0x5A})) if word == _NRF52 else _STM32[word]
    where, detail = source.where(offset=at), f"{family}: lock byte {raw[place]:02x} at {word:08x}"
    if raw == b"\xff" * 4:
        return HardwareAccess(where, _SWD, Gives.CONTROL, Auth.UNKNOWN, f"{detail}: erased")
    if raw[place] in open_values:
        return HardwareAccess(where, _SWD, Gives.CONTROL, Auth.NONE, f"{detail}: open")
    return HardwareAccess(where, _SWD, Gives.CONTROL, Auth.UNKNOWN, f"{detail}: locked", enabled=False)
