"""Fuzz the feed ``endoflife``: ``python fuzz/fuzz_feed_endoflife.py`` (with atheris), or ``python fuzz/run.py feed_endoflife``."""

from harness import feed_target, main

SEEDS = (
    b'---\ntitle: OpenSSL\npermalink: /openssl\nreleases:\n  - releaseCycle: "9.1"\n    eol: 2031-02-03\n    latestReleaseDate: 2030-01-02\n---\n',
    b'{"schema_version":"1","generated_at":"2031-05-06","result":[{"name":"openssl","releases":[{"name":"9.1","isEol":true}]}]}',
)

TestOneInput = feed_target()

if __name__ == "__main__":
    main(TestOneInput)
