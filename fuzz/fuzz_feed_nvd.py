"""Fuzz the feed ``nvd``: ``python fuzz/fuzz_feed_nvd.py`` (with atheris), or ``python fuzz/run.py feed_nvd``."""

from harness import feed_target, main

SEEDS = (
    (
        b'{"vulnerabilities":[{"cve":{"id":"CVE-2024-0001","vulnStatus":"Analyzed","lastModified":"2024-05-06T07:08:09","configurations":[{"operator":"AND",'
        b'"nodes":[{"operator":"OR","cpeMatch":[{"vulnerable":true,"criteria":"cpe:2.3:a:acme:player:*:*:*:*:*:*:*:*","versionEndExcluding":"2.0"}]},'
        b'{"operator":"OR","negate":false,"cpeMatch":[{"vulnerable":false,"criteria":"cpe:2.3:o:linux:linux_kernel:-:*:*:*:*:*:*:*"}]}]}]}}]}'
    ),
    (
        b'{"CVE_Items":[{"cve":{"CVE_data_meta":{"ID":"CVE-2024-0002"}},"configurations":{"nodes":[{"operator":"AND","children":[{"cpe_match":['
        b'{"vulnerable":true,"cpe23Uri":"cpe:2.3:a:x:y:1.0:rc1:*:*:*:*:*:*"}]}]}]},"lastModifiedDate":"2024-05-06T07:08Z"}]}'
    ),
)

TestOneInput = feed_target()

if __name__ == "__main__":
    main(TestOneInput)
