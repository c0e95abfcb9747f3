"""Fuzz the reader ``spdx_tag_value``: ``python fuzz/fuzz_spdx_tag_value.py`` (with atheris), or ``python fuzz/run.py spdx_tag_value``."""

from harness import file_target, main

from asepsis.evidence.readers.bills.spdx_tag_value import SpdxTagValueReader

TestOneInput = file_target(SpdxTagValueReader())
_DOCUMENT = """SPDXVersion: SPDX-2.3
# comment
PackageName: a
SPDXID: SPDXRef-a
PackageComment: <text>over
lines</text>
PackageName: b
SPDXID: SPDXRef-b
PackageVersion: 1.0
PackageSupplier: Organization: B ()
PackageLicenseDeclared: MIT
PackageChecksum: SHA256: ab
ExternalRef: SECURITY cpe22Type cpe:/a:b:b:1.0
ExternalRef: PACKAGE-MANAGER purl pkg:npm/b@1.0
FileName: x
SPDXID: SPDXRef-x
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-a
Relationship: SPDXRef-a DEPENDS_ON SPDXRef-b
"""
SEEDS = (_DOCUMENT.encode(), _DOCUMENT.encode("utf-16"))

if __name__ == "__main__":
    main(TestOneInput)
