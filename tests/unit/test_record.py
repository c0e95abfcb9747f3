"""Facts that hold lists travel whole."""

from __future__ import annotations

import msgspec

from asepsis.model.facts import Component, VexClaim
from asepsis.model.record import FactRecord, from_record, to_record
from asepsis.model.software import Justification, VexStatus
from asepsis.model.where import Where

WHERE = Where("e1", "sbom.json")


def travelled(record: FactRecord) -> FactRecord:
    return msgspec.json.decode(msgspec.json.encode(record), type=FactRecord)


def test_a_component_keeps_what_it_depends_on():
    part = Component(
        WHERE, "openssl", "1.1.1n", purl="pkg:deb/debian/openssl@1.1.1n-0%2Bdeb11u3", depends=("libc6", "zlib1g"), patched=("CVE-2022-0778",)
    )
    assert from_record(travelled(to_record(part))) == part


def test_an_empty_list_is_not_written():
    assert to_record(Component(WHERE, "openssl", "1.1.1n")).attributes == {"name": "openssl", "version": "1.1.1n"}


def test_a_claim_keeps_its_justification():
    claim = VexClaim(WHERE, "CVE-2014-0160", VexStatus.NOT_AFFECTED, Justification.CODE_NOT_PRESENT, "openssl")
    assert from_record(travelled(to_record(claim))) == claim
