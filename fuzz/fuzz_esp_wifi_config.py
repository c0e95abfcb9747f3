"""Fuzz the reader ``esp_wifi_config``: ``python fuzz/fuzz_esp_wifi_config.py`` (with atheris), or ``python fuzz/run.py esp_wifi_config``."""

from harness import main, pattern_target
from tests.unit.evidence.test_esp_wifi_config import constant, image

from asepsis.evidence.readers.embedded.esp_wifi_config import EspWifiConfigReader

_FEED = pattern_target(EspWifiConfigReader())
SEEDS = (image(b"%s: up\0\0" + constant(b"WARD-7", b"Tq7-ward9")), image(constant(b"W" * 32, b"0f" * 32)))


def TestOneInput(data: bytes) -> None:  # noqa: N802 - atheris calls it so
    """The bytes as they are, and as what follows a header."""
    _FEED(data)
    _FEED(b"\xe9\x02" + bytes(30) + b"\x32\x54\xcd\xab" + data)


if __name__ == "__main__":
    main(TestOneInput)
