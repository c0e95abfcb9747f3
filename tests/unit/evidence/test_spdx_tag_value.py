"""Bills of materials in SPDX 2, tag-value."""

from __future__ import annotations

import pytest

from asepsis.evidence.protocols.bill import SUBJECT
from asepsis.evidence.reader import Flawed, Malformed
from asepsis.evidence.readers.bills.spdx_tag_value import SpdxTagValueReader
from tests.unit.evidence.reading_bills import names, parts, read_bill

READER = SpdxTagValueReader()
DOCUMENT = """SPDXVersion: SPDX-2.3
# a comment
SPDXID: SPDXRef-DOCUMENT
PackageName: Pump
SPDXID: SPDXRef-pump
PackageComment: <text>PackageName: is no tag
in a text over lines</text>
PackageVersion: 3
ExternalRef: PACKAGE-MANAGER purl pkg:generic/pump@3

PackageName: curl
SPDXID: SPDXRef-curl
PackageSupplier: Organization: old
PackageSupplier: Organization: curl (mail@curl.example)
PackageVersion: 7.64.0
PackageLicenseConcluded: NOASSERTION
PackageLicenseDeclared: curl
PackageChecksum: SHA256: {}
ExternalRef: SECURITY cpe22Type cpe:/a:haxx:curl:7.64.0
FileName: ./curl.c
SPDXID: SPDXRef-file
PackageName: zlib
SPDXID: SPDXRef-zlib
PackageVersion: NOASSERTION
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-pump
Relationship: SPDXRef-zlib DEPENDENCY_OF SPDXRef-curl
""".format("ef" * 32)


def test_packages_are_told_with_everything_that_is_declared_of_them():
    facts, error = read_bill(READER, DOCUMENT)
    assert error is None
    pump, curl, zlib = parts(facts)
    assert (pump.name, pump.method, pump.where.line) == ("Pump", SUBJECT, 4)
    assert (curl.name, curl.version, curl.supplier, curl.licence, curl.sha256) == ("curl", "7.64.0", "curl", "curl", "ef" * 32)
    assert (curl.cpe, curl.depends, curl.where.line) == ("cpe:2.3:a:haxx:curl:7.64.0:*:*:*:*:*:*:*", ("zlib",), 11)
    assert (zlib.name, zlib.version) == ("zlib", "")


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_encoding_is_read(codec: str):
    assert names(read_bill(READER, "SPDXVersion: SPDX-2.2\r\nPackageName: größe\r\n".encode(codec))[0]) == ["größe"]


def test_bytes_that_are_no_text_are_said_with_their_line():
    facts, error = read_bill(READER, b"SPDXVersion: SPDX-2.2\nPackageName: a\nPackageSupplier: \xe4\n")
    assert names(facts) == ["a"]
    assert isinstance(error, Flawed)
    assert (error.what, error.line) == ("bytes that are no text", 3)


def test_a_text_that_never_ends_is_said_and_what_stands_before_is_kept():
    facts, error = read_bill(READER, "SPDXVersion: SPDX-2.2\nPackageName: a\nPackageComment: <text>on\nPackageName: b\n")
    assert names(facts) == ["a"]
    assert isinstance(error, Malformed)
    assert error.line == 3


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("SPDXVersion: SPDX-2.2\nPackageName: a\nwhat is this\n", "a line that is no tag"),
        ("SPDXVersion: SPDX-8\nPackageName: a\n", "names no version"),
        ("SPDXVersion: SPDX-2.2\nPackageName: a\nSPDXID: x\nRelationship: x CONTAINS NOASSERTION\n", "does not name all parts"),
        ("SPDXVersion: SPDX-2.2\nPackageName: a\nSPDXID: x\nRelationship: x DEPENDS_ON\n", "a relationship that does not name two elements"),
    ],
)
def test_one_wrong_thing_costs_nothing_else(text: str, what: str):
    facts, error = read_bill(READER, text)
    assert names(facts) == ["a"]
    assert isinstance(error, Flawed)
    assert what in error.what


def test_a_text_is_not_begun_in_a_comment():
    facts, error = read_bill(READER, DOCUMENT.replace("# a comment", "# a comment on <text>"))
    assert error is None
    assert names(facts) == ["Pump", "curl", "zlib"]
