"""Fuzz the reader ``url_credentials``: ``python fuzz/fuzz_url_credentials.py`` (with atheris), or ``python fuzz/run.py url_credentials``."""

from harness import main, pattern_target

from asepsis.evidence.readers.firmware.url_credentials import UrlCredentialsReader

TestOneInput = pattern_target(UrlCredentialsReader())
SEEDS = (
    b"\0fetch ftp://pump:Tq7-ward@updates.hospital.net/fw\0",
    b"jdbc:mysql://pump:Tq7:ward@db7/icu redis://:Tq7-ward@[::1]:6379/0 amqp://pump:Tq7%2Fw%40rd@localhost:5672/",
    b"http://user:${PASS}@updates.net https://user:<password>@host.net/",
)

if __name__ == "__main__":
    main(TestOneInput)
