"""Fuzz the feed ``cve``: ``python fuzz/fuzz_feed_cve.py`` (with atheris), or ``python fuzz/run.py feed_cve``."""

from harness import feed_target, main

SEEDS = (
    (
        b'{"dataType":"CVE_RECORD","cveMetadata":{"cveId":"CVE-2024-0001","state":"PUBLISHED","dateUpdated":"2024-05-06T07:08:09"},"containers":{"cna":'
        b'{"affected":[{"vendor":"Linux","product":"Linux","defaultStatus":"affected","programFiles":["a.c"],"versions":[{"version":"0","lessThan":"6.8",'
        b'"status":"unaffected","changes":[{"at":"6.1","status":"affected"}]},{"version":"6.12.1","lessThanOrEqual":"6.12.*","status":"unaffected"}]}]}}}'
    ),
    b'{"dataType":"CVE_RECORD","cveMetadata":{"cveId":"CVE-2024-0002","state":"REJECTED"},"containers":{"cna":{}}}',
)

TestOneInput = feed_target()

if __name__ == "__main__":
    main(TestOneInput)
