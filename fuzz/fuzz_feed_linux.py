"""Fuzz the feed ``linux``: ``python fuzz/fuzz_feed_linux.py`` (with atheris), or ``python fuzz/run.py feed_linux``."""

from harness import feed_target, main

SEEDS = (b'{"CVE-2016-8645":{"3.12":{"fixed_version":"3.12.68"},"4.9":{"fixed_version":"4.9"}}}',)

TestOneInput = feed_target()

if __name__ == "__main__":
    main(TestOneInput)
