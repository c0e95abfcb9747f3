"""Fuzz the feed ``osv``: ``python fuzz/fuzz_feed_osv.py`` (with atheris), or ``python fuzz/run.py feed_osv``."""

from harness import feed_target, main

SEEDS = (
    (
        b'{"id":"GO-2024-1","modified":"2024-05-06T07:08:09Z","aliases":["CVE-2024-0001"],"affected":[{"package":{"ecosystem":"Debian:11","name":"x"},'
        b'"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1.2"}]}],"versions":["1.0"]}]}'
    ),
    b'id: PYSEC-2024-1\nmodified: 2024-05-06T07:08:09Z\naffected:\n- package: {ecosystem: PyPI, name: x}\n  versions:\n  - "1.0"\n',
)

TestOneInput = feed_target()

if __name__ == "__main__":
    main(TestOneInput)
