"""Fuzz the reader ``spdx_json``: ``python fuzz/fuzz_spdx_json.py`` (with atheris), or ``python fuzz/run.py spdx_json``."""

from harness import file_target, main

from asepsis.evidence.readers.bills.spdx_json import SpdxJsonReader

TestOneInput = file_target(SpdxJsonReader())
_DOCUMENT = (
    '{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","documentDescribes":["SPDXRef-a"],"packages":[{"name":"a","SPDXID":"SPDXRef-a"},{"name":"b",'
    '"SPDXID":"SPDXRef-b","versionInfo":"1.0","supplier":"Organization: B (b@b.example)","licenseConcluded":"NOASSERTION","licenseDeclared":"MIT",'
    '"checksums":[{"algorithm":"SHA256","checksumValue":"ab"}],"externalRefs":[{"referenceCategory":"SECURITY","referenceType":"cpe23Type",'
    '"referenceLocator":"cpe:2.3:a:b:b:1.0:*:*:*:*:*:*:*"},{"referenceType":"purl","referenceLocator":"pkg:npm/b@1.0"}]}],"relationships":[{'
    '"spdxElementId":"SPDXRef-a","relationshipType":"DEPENDS_ON","relatedSpdxElement":"SPDXRef-b"},{"spdxElementId":"SPDXRef-b",'
    '"relationshipType":"CONTAINS","relatedSpdxElement":"NOASSERTION"}]}'
)
SEEDS = (_DOCUMENT.encode(), _DOCUMENT.encode("utf-16"))

if __name__ == "__main__":
    main(TestOneInput)
