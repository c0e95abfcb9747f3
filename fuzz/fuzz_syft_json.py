"""Fuzz the reader ``syft_json``: ``python fuzz/fuzz_syft_json.py`` (with atheris), or ``python fuzz/run.py syft_json``."""

from harness import file_target, main

from asepsis.evidence.readers.bills.syft_json import SyftJsonReader

TestOneInput = file_target(SyftJsonReader())
_DOCUMENT = (
    '{"artifacts":[{"id":"1","name":"libc6","version":"2.31-13","type":"deb","foundBy":"dpkg","licenses":["GPL-2.0",{"value":"MIT"}],"cpes":["cpe:2.3:a:x:'
    'y:1:*:*:*:*:*:*:*",{"cpe":"cpe:2.3:a:g:g:1:*:*:*:*:*:*:*","source":"syft-generated"}],"purl":"pkg:deb/debian/libc6@2.31-13"},{"id":"2","name":"b",'
    '"version":"1"}],"artifactRelationships":[{"parent":"1","child":"2","type":"dependency-of"}],"distro":{"id":"debian","versionID":"11"},'
    '"descriptor":{"name":"syft","version":"1.18.1"}}'
)
SEEDS = (_DOCUMENT.encode(),)

if __name__ == "__main__":
    main(TestOneInput)
