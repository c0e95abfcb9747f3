"""Names that come from a device may be long, empty or meant to mislead; a finding carries them bounded and raw."""

from __future__ import annotations

import pytest

from asepsis.findings.judge import judge
from asepsis.findings.rule import Context
from tests.cases.loader import DEFAULT_DAY, CaseKnowledge, reading_of

NAMES = ["", "x" * 100_000, "<script>alert(1)</script>", "\u202egnp.exe", "a\x1b[2Jb\x00c", "{secret}%s"]


def facts_named(name):
    secret = {"kind": "wifi", "form": "cleartext", "length": 8, "digest": "0" * 16}
    where = "etc/some.conf:1"
    log_in = {**secret, "kind": "login"}
    return {
        "fact": [
            {"kind": "StoredSecret", "where": where, "store": "nvram", "subject": name, "secret": secret},
            {"kind": "StoredSecret", "where": where, "store": "script", "subject": name, "opens": name, "secret": log_in},
            {"kind": "PasswordHash", "where": where, "account": name, "scheme": "des", "secret": {**log_in, "form": "hashed"}},
            {"kind": "Account", "where": where, "name": name, "uid": 0, "can_log_in": True},
            {"kind": "Service", "where": where, "name": name, "auth": "none", "enabled": True, "detail": name},
            {"kind": "Flow", "where": where, "name": name, "effect": "command", "encrypted": False, "authenticated": False, "peer": name},
            {"kind": "RadioLink", "where": where, "technology": name, "zone": "radio_range", "encrypted": False, "wake_up_unlimited": True},
            {"kind": "UpdateMechanism", "where": where, "name": name, "zone": "touch", "signature_checked": False},
            {"kind": "MalformedInputEffect", "where": where, "name": name, "zone": "touch", "outcome": "crash"},
            {"kind": "HardwareAccess", "where": where, "name": name, "gives": "control"},
            {"kind": "Component", "where": where, "name": name, "version": name},
        ]
    }


@pytest.mark.parametrize("name", NAMES, ids=["empty", "huge", "markup", "right-to-left", "control", "template"])
def test_every_rule_survives_it_and_says_it_in_bounds(name):
    judgement = judge(reading_of(facts_named(name)), Context(CaseKnowledge(()), DEFAULT_DAY))
    assert judgement.problems == ()
    assert len(judgement.findings) > 8
    for finding in judgement.findings:
        assert len(finding.title) < 300
        assert len(finding.subject) <= 64
        assert all(len(arg) < 100 for claim in finding.claims for arg in claim.args)
        assert all(len(text) < 400 for text in (*finding.facts, *finding.shown_by, *finding.assumes))
