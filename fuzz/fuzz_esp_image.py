"""Fuzz the reader ``esp_image``: ``python fuzz/fuzz_esp_image.py`` (with atheris), or ``python fuzz/run.py esp_image``."""

from harness import main, pattern_target
from tests.unit.evidence.test_esp_image import image

from asepsis.evidence.readers.embedded.esp_image import EspImageReader

_FEED = pattern_target(EspImageReader())
SEEDS = (image(b"v4.4.2-dirty") + image(b"v3.3"), image(b"4.0-rc-12-gabc"))


def TestOneInput(data: bytes) -> None:  # noqa: N802 - atheris calls it so
    """The bytes as they are, and as what follows a header."""
    _FEED(data)
    _FEED(b"\xe9\x02" + bytes(30) + b"\x32\x54\xcd\xab" + data)


if __name__ == "__main__":
    main(TestOneInput)
