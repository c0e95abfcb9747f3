"""Fuzz the feed ``bundled``: ``python fuzz/fuzz_feed_bundled.py`` (with atheris), or ``python fuzz/run.py feed_bundled``."""

from harness import feed_target, main

SEEDS = (
    (
        b'{"source":"nvd","id":"CVE-2024-0001","modified":"2024-05-06","vulnerabilities":[{"id":"CVE-2024-0001"}],"products":[],"affected":[{"vulnerability":'
        b'"CVE-2024-0001","source":"nvd","cpe":"cpe:2.3:a:x:y:*:*:*:*:*:*:*:*","ranges":[{"introduced":"1.0"}]}]}'
    ),
)

TestOneInput = feed_target()

if __name__ == "__main__":
    main(TestOneInput)
