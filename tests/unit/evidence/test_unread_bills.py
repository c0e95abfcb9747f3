"""Bills of materials that are recognised and not read."""

from __future__ import annotations

import pytest

from asepsis.evidence.reader import Sealed, Sureness
from asepsis.evidence.readers.bills.unread_bills import UnreadBillsReader
from tests.unit.evidence.reading_bills import read_bill

READER = UnreadBillsReader()


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ('---\nSPDXID: "SPDXRef-DOCUMENT"\nspdxVersion: "SPDX-2.3"\n', "SPDX in YAML"),
        ('<rdf:RDF xmlns:spdx="http://spdx.org/rdf/terms#"/>', "SPDX in RDF"),
        ("<?xml version='1.0'?><Document><SPDXID>x</SPDXID></Document>", "SPDX in XML"),
        ('<SoftwareIdentity xmlns="http://standards.iso.org/iso/19770/-2/2015/schema.xsd"/>', "a SWID tag"),
    ],
)
@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_each_is_named_and_said_not_to_be_read(text: str, form: str, codec: str):
    facts, error = read_bill(READER, text.encode(codec))
    assert facts == []
    assert isinstance(error, Sealed)
    assert error.what == f"{form} is recognised and not read by this version"


@pytest.mark.parametrize("data", [b'{"spdxVersion": "SPDX-2.3"}', b"SPDXVersion: SPDX-2.3\n", b"# SPDX-License-Identifier: MIT\n", b"<a/>"])
def test_what_others_read_and_what_is_none_is_left_alone(data: bytes):
    assert READER.recognises("x", data) is Sureness.NO
