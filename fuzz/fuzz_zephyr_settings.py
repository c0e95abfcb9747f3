"""Fuzz the reader ``zephyr_settings``: ``python fuzz/fuzz_zephyr_settings.py`` (with atheris), or ``python fuzz/run.py zephyr_settings``."""

from harness import main, pattern_target

from asepsis.evidence.readers.embedded.zephyr_settings import ZephyrSettingsReader

_FEED = pattern_target(ZephyrSettingsReader())


def TestOneInput(data: bytes) -> None:  # noqa: N802 - atheris calls it so
    """The bytes behind a name, and behind the beginning of a network."""
    _FEED(b"wifi_cred/1" + data)
    _FEED(b"wifi_cred/1" + b"\3\0\0\0ward".ljust(36, b"\0") + b"\4\0\0\0" + data)


if __name__ == "__main__":
    main(TestOneInput)
