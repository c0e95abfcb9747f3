"""Fuzz the reader ``zephyr_settings``: ``python fuzz/fuzz_zephyr_settings.py`` (with atheris), or ``python fuzz/run.py zephyr_settings``."""

from harness import main, pattern_target
from tests.unit.evidence.test_zephyr_settings import network

from asepsis.evidence.readers.embedded.zephyr_settings import ZephyrSettingsReader

_FEED = pattern_target(ZephyrSettingsReader())
SEEDS = (
    b"\xee\xee\xff\xc0\1\xff\0\0\x90\1wifi_cred/1=" + network() + b"\x55",
    network(between=bytes(12), size=128) + b"\0\0wifi_cred/1\xff\xff",
)


def TestOneInput(data: bytes) -> None:  # noqa: N802 - atheris calls it so
    """The bytes behind a name, and behind the beginning of a network."""
    _FEED(b"wifi_cred/1" + data)
    _FEED(b"wifi_cred/1" + b"\3\0\0\0ward".ljust(36, b"\0") + b"\4\0\0\0" + data)


if __name__ == "__main__":
    main(TestOneInput)
