"""Fuzz the feed ``csaf``: ``python fuzz/fuzz_feed_csaf.py`` (with atheris), or ``python fuzz/run.py feed_csaf``."""

from harness import feed_target, main

SEEDS = (
    (
        b'{"document":{"csaf_version":"2.0","publisher":{"name":"Acme"},"tracking":{"id":"A-1","status":"final"}},"product_tree":{"branches":[{"category":'
        b'"vendor","name":"Acme","branches":[{"category":"product_version_range","name":">= 1.1 | <= 1.3.2","product":{"product_id":"P1","name":"Pump",'  # noqa: E501
        b'"product_identification_helper":{"cpe":"cpe:/a:acme:pump:1.0"}}}]}],"relationships":[{"product_reference":"P1","relates_to_product_reference":"P1",'
        b'"full_product_name":{"product_id":"P2"}}]},"vulnerabilities":[{"cve":"CVE-2024-0001","product_status":{"known_affected":["P1"],"fixed":["P2"]}}]}'
    ),
)

TestOneInput = feed_target()

if __name__ == "__main__":
    main(TestOneInput)
