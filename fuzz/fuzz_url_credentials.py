"""Fuzz the reader ``url_credentials``: ``python fuzz/fuzz_url_credentials.py`` (with atheris), or ``python fuzz/run.py url_credentials``."""

from harness import main, pattern_target

from asepsis.evidence.readers.firmware.url_credentials import UrlCredentialsReader

TestOneInput = pattern_target(UrlCredentialsReader())

if __name__ == "__main__":
    main(TestOneInput)
