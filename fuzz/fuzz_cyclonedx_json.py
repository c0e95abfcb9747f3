"""Fuzz the reader ``cyclonedx_json``: ``python fuzz/fuzz_cyclonedx_json.py`` (with atheris), or ``python fuzz/run.py cyclonedx_json``."""

from harness import file_target, main

from asepsis.evidence.readers.bills.cyclonedx_json import CyclonedxJsonReader

TestOneInput = file_target(CyclonedxJsonReader())
_WHOLE = (
    '{"bomFormat":"CycloneDX","specVersion":"1.6","metadata":{"component":{"type":"device","name":"p","cpe":"cpe:/h:a:p:1"}},"components":[{"type":'
    '"library","bom-ref":"r","name":"openssl","version":"1.0.2k","purl":"pkg:generic/openssl@1.0.2k?x=y#z","cpe":"cpe:2.3:a:openssl:openssl:1.0.2k'
    ':*:*:*:*:*:*:*","hashes":[{"alg":"SHA-256","content":"ab"}],"pedigree":{"patches":[{"resolves":[{"type":"security","id":"CVE-1"}]}]},"components"'
    ':[{"type":"operating-system","name":"linux","version":"4.9"}]}],"dependencies":[{"ref":"r","dependsOn":["s"]}],"compositions":[{"aggregate":"x"}]}'
)
_LATE = '{"components":[{"bom-ref":"ä","name":"ä","version":"1"}],"bomFormat":"CycloneDX","specVersion":"1.4"}'
SEEDS = (_WHOLE.encode(), _LATE.encode("utf-16"))

if __name__ == "__main__":
    main(TestOneInput)
