"""Fuzz the search in UTF-16, which is no reader: ``python fuzz/fuzz_wide.py`` (with atheris), or ``python fuzz/run.py wide``."""

from harness import main, pattern_target

from asepsis.evidence.protocols.wide import wide_strings, wide_text
from asepsis.evidence.readers.firmware.url_credentials import UrlCredentialsReader

_TARGETS = [pattern_target(UrlCredentialsReader(), view) for view in (wide_text, wide_strings)]
_TEXT = "key of the ward\r\nfetch ftp://pump:Tq7-ward@up.net/\r\n"
SEEDS = (
    _TEXT.encode("utf-16"),
    ("\ufeffSchl\u00fcssel der Pumpe \U0001f489\r\n" + _TEXT).encode("utf-16-be"),
    _TEXT.encode("utf-16-le"),
    b"MZ\x90\0" + b"\xff" * 60 + "Version 1".encode("utf-16-le") + b"\0\0\1\2" + _TEXT.encode("utf-16-le") + b"\0\0",
)


def TestOneInput(data: bytes) -> None:  # noqa: N802 - atheris calls it so
    """The bytes as a text and as a program."""
    for target in _TARGETS:
        target(data)


if __name__ == "__main__":
    main(TestOneInput)
