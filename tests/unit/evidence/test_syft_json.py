"""What Syft writes of software."""

from __future__ import annotations

from typing import Any

from asepsis.evidence.reader import Flawed, NotThisFormat
from asepsis.evidence.readers.bills.syft_json import SyftJsonReader
from asepsis.model.facts import OperatingSystem
from tests.unit.evidence.reading_bills import names, parts, read_bill

READER = SyftJsonReader()
GUESS = {"cpe": "cpe:2.3:a:guess:libc6:2.31:*:*:*:*:*:*:*", "source": "syft-generated"}
KNOWN = {"cpe": "cpe:2.3:a:gnu:glibc:2.31:*:*:*:*:*:*:*", "source": "nvd-cpe-dictionary"}


def document(**more: Any) -> dict[str, Any]:
    libc = {
        "id": "1",
        "name": "libc6",
        "version": "2.31-13",
        "foundBy": "dpkg-db-cataloger",
        "licenses": ["GPL-2.0", {"value": "x", "spdxExpression": "LGPL-2.1"}],
        "cpes": [GUESS, KNOWN],
        "purl": "pkg:deb/debian/libc6@2.31-13?distro=debian-11",
    }
    return {
        "artifacts": [libc, {"id": "2", "name": "busybox", "version": "1.31.0", "cpes": ["cpe:2.3:a:busybox:busybox:1.31.0:*:*:*:*:*:*:*"]}],
        "artifactRelationships": [{"parent": "1", "child": "2", "type": "dependency-of"}, {"parent": "2", "child": "1", "type": "contains"}],
        "distro": {"id": "debian", "versionID": "11"},
        "descriptor": {"name": "syft", "version": "1.18.1"},
        **more,
    }


def test_packages_are_told_without_guessed_names():
    facts, error = read_bill(READER, document())
    assert error is None
    libc, busybox, system = parts(facts)
    assert (system.name, system.version, system.product) == ("debian", "11", "debian")
    assert (libc.name, libc.version, libc.cpe) == ("libc6", "2.31", KNOWN["cpe"])
    assert (libc.purl, libc.licence) == ("pkg:deb/debian/libc6@2.31-13?distro=debian-11", "GPL-2.0, LGPL-2.1")
    assert (busybox.product, busybox.depends) == ("busybox", ("libc6",))
    assert [(fact.product, fact.version) for fact in facts if isinstance(fact, OperatingSystem)] == [("debian", "11")]


def test_another_program_s_document_is_not_this_format():
    assert isinstance(read_bill(READER, document(descriptor={"name": "other"}))[1], NotThisFormat)


def test_one_wrong_thing_costs_nothing_else():
    facts, error = read_bill(READER, document(artifactRelationships=7))
    assert names(facts)[:2] == ["libc6", "busybox"]
    assert isinstance(error, Flawed)
