"""Fuzz the reader ``grype_json``: ``python fuzz/fuzz_grype_json.py`` (with atheris), or ``python fuzz/run.py grype_json``."""

from harness import file_target, main

from asepsis.evidence.readers.bills.grype_json import GrypeJsonReader

TestOneInput = file_target(GrypeJsonReader())
_DOCUMENT = (
    '{"matches":[{"vulnerability":{"id":"CVE-1"},"artifact":{"id":"1","name":"libc6","version":"2.31-13","cpes":["cpe:2.3:a:x:y:1:*:*:*:*:*:*:*"],'
    '"purl":"pkg:deb/debian/libc6@2.31-13"}}],"distro":{"name":"debian","version":"11"},"descriptor":{"name":"grype","version":"0.80"}}'
)
SEEDS = (_DOCUMENT.encode(),)

if __name__ == "__main__":
    main(TestOneInput)
