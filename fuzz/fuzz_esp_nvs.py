"""Fuzz the reader ``esp_nvs``: ``python fuzz/fuzz_esp_nvs.py`` (with atheris), or ``python fuzz/run.py esp_nvs``."""

import struct
import zlib

from harness import main, pattern_target
from tests.unit.evidence.test_esp_nvs import name, page, string, wifi

from asepsis.evidence.readers.embedded.esp_nvs import EspNvsReader

_FEED = pattern_target(EspNvsReader())
SEEDS = (page(*wifi()), page(name(4, "cloud"), string(4, "mqtt_user", "pump"), string(4, "mqttPass", "q8-drip")))
_NAME = bytes([0, 1, 1, 255]) + bytes(4) + b"nvs.net80211\0\0\0\0\1" + b"\xff" * 7


def _checked(entry: bytes) -> bytes:
    return entry[:4] + struct.pack("<I", zlib.crc32(entry[:4] + entry[8:], 0xFFFFFFFF)) + entry[8:]


def TestOneInput(data: bytes) -> None:  # noqa: N802 - atheris calls it so
    """The bytes as they are, and as entries of a page whose checksums are right, so that the fuzzer gets past them."""
    _FEED(data)
    head = struct.pack("<IB", 0, 0xFE) + b"\xff" * 19
    page = b"\xfe\xff\xff\xff" + head + struct.pack("<I", zlib.crc32(head, 0xFFFFFFFF)) + (b"\xaa" + data[:31]).ljust(32, b"\xaa")
    for at in range(0, min(len(data), 125 * 32), 32):
        page += _checked((data[at : at + 32] if at else _NAME).ljust(32, b"\0"))
    _FEED(b"\xaa\x50\x01\x02" + data[:28].ljust(28, b"\0") + page.ljust(4096, b"\xff"))


if __name__ == "__main__":
    main(TestOneInput)
