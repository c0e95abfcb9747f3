"""The runner: silence never looks like health, a bug costs one rule, and one weakness is told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest

from asepsis.findings.judge import judge
from asepsis.findings.rule import WEAK_EVIDENCE, Context, Facts, RuleInfo, found
from asepsis.model.claim import THIS, claim
from asepsis.model.dismissed import Dismissed, Exemption
from asepsis.model.evidence import Cause, Coverage, Evidence, EvidenceKind, Problem
from asepsis.model.facts import FACT_KINDS, Account, Confidence, HostileContainer, Service
from asepsis.model.finding import Certainty, NotAssessed, NotFound, Weakness
from asepsis.model.reading import LookedFor, Reading
from asepsis.model.where import Where
from tests.cases.loader import CaseKnowledge

INFO = RuleInfo("sample", "Sample", "A sample.", Weakness.MISSING_HARDENING, (693,), (Service,), ("maker",), "0.1.0", ())
CONTEXT = Context(CaseKnowledge(()), date(2026, 11, 23))
READING = Reading(
    evidence=(Evidence("e1", EvidenceKind.FIRMWARE, "image.bin", "0" * 64, 1),),
    facts=(),
    looked_for=tuple(LookedFor(kind.__name__, looked=True) for kind in FACT_KINDS),
    problems=(),
    coverage=Coverage(),
)
PROBLEM = Problem(Cause.BROKEN_INPUT, Where("e1", "etc/shadow"), "cut short", "accounts are missing")


def rule(*outcomes, fails=None):
    def check(facts, context):
        yield from outcomes
        if fails:
            raise fails

    return SimpleNamespace(INFO=INFO, check=check)


def finding(path="a", **changes):
    sides = {
        "subject": "x",
        "title": "X",
        "certainty": Certainty.PRESENT,
        "confidence": Confidence.LIKELY,
        "locations": [Where("e1", path)],
        "claims": [claim("serves_many", THIS)],
    }
    return found(INFO, **{**sides, **changes})


def test_nothing_seen_in_a_whole_reading_is_not_found():
    judgement = judge(READING, CONTEXT, [rule()])
    assert judgement.not_found == (NotFound("sample"),)
    assert not judgement.not_assessed


def test_what_was_dismissed_is_kept():
    judgement = judge(READING, CONTEXT, [rule(NotFound("sample", ("b",)), NotFound("sample", ("a", "b")))])
    assert judgement.not_found == (NotFound("sample", ("a", "b")),)


def test_what_was_dismissed_is_kept_beside_a_finding_too():
    judgement = judge(READING, CONTEXT, [rule(NotFound("sample", ("a",)), finding())])
    assert judgement.not_found == ()
    assert judgement.dismissed == (Dismissed("sample", Exemption.OTHER, "a"),)


@pytest.mark.parametrize(
    ("reading", "reason"),
    [
        (replace(READING, coverage=Coverage(unopened=("b.img", "a.img"))), "not seen in what could be opened; 2 parts stayed shut: a.img, b.img"),
        (replace(READING, problems=(PROBLEM,)), "not seen in what could be opened; 1 problem while reading: cut short"),
        (replace(READING, looked_for=(LookedFor("Service", looked=False, reason="no tool"),)), "Service was not looked for: no tool"),
        (replace(READING, looked_for=()), "Service was not looked for: no reader of this kind of evidence finds it"),
    ],
)
def test_silence_in_a_partial_reading_is_not_health(reading, reason):
    judgement = judge(reading, CONTEXT, [rule()])
    assert judgement.not_found == ()
    assert judgement.not_assessed == (NotAssessed("sample", reason),)


@pytest.mark.parametrize("beside", [(), (EvidenceKind.VEX,)])
def test_documents_alone_are_no_look_at_the_device(beside):
    given = tuple(Evidence(f"e{number}", kind, kind.value, "0" * 64, 1) for number, kind in enumerate((EvidenceKind.SBOM, *beside), 1))
    judgement = judge(replace(READING, evidence=given), CONTEXT, [rule()])
    assert not judgement.not_found
    assert "the device itself was not looked at" in judgement.not_assessed[0].reason


def test_a_bill_of_materials_beside_the_software_takes_nothing_from_the_look_at_it():
    given = (*READING.evidence, Evidence("e2", EvidenceKind.SBOM, "bom.json", "0" * 64, 1))
    assert judge(replace(READING, evidence=given), CONTEXT, [rule()]).not_found == (NotFound("sample"),)


def test_a_finding_stands_although_the_reading_is_partial():
    judgement = judge(replace(READING, looked_for=(), problems=(PROBLEM,)), CONTEXT, [rule(finding())])
    assert len(judgement.findings) == 1
    assert [one.reason for one in judgement.not_assessed] == ["Service was not looked for: no reader of this kind of evidence finds it"]


def test_a_bug_in_a_rule_costs_its_verdict_and_nothing_else():
    judgement = judge(READING, CONTEXT, [rule(finding(), fails=KeyError("shell")), replace_id(rule(), "other")])
    assert len(judgement.findings) == 1
    assert judgement.not_assessed == (NotAssessed("sample", "our bug: KeyError: 'shell'"),)
    assert judgement.not_found == (NotFound("other"),)
    assert [(problem.cause, problem.what) for problem in judgement.problems] == [(Cause.OUR_BUG, "rule sample failed: KeyError: 'shell'")]


def replace_id(sample, name):
    return SimpleNamespace(INFO=replace(sample.INFO, id=name), check=sample.check)


def test_findings_of_one_id_become_one_with_all_places_and_the_higher_certainty():
    low = finding(locations=[Where("e1", "a", line=1)])
    high = finding(
        locations=[Where("e2", "a", line=9)], certainty=Certainty.ENABLED, confidence=Confidence.CONFIRMED, claims=[claim("starts", "touch")]
    )
    assert low.finding.id == high.finding.id
    (one,) = judge(READING, CONTEXT, [rule(low, high)]).findings
    assert one.locations == (Where("e1", "a", line=1), Where("e2", "a", line=9))
    assert one.certainty is Certainty.ENABLED
    assert one.confidence is Confidence.CONFIRMED
    assert one.claims == (claim("serves_many", THIS), claim("starts", "touch"))
    assert judge(READING, CONTEXT, [rule(high, low)]).findings == (one,)


def test_findings_of_different_files_stay_apart():
    assert len(judge(READING, CONTEXT, [rule(finding("a"), finding("b"))]).findings) == 2


def test_weak_evidence_is_reported_but_opens_no_path():
    weak = finding(confidence=Confidence.WEAK, assumes=["taken for granted"], facts=["seen"]).finding
    assert weak.claims == ()
    assert weak.assumes == ()
    assert weak.facts == ("seen", WEAK_EVIDENCE)


class TestAProblemThatHidesSomeKindsOnly:
    def outcome(self, hides, asks=(), before=()):
        def check(facts, context):
            for kind in asks:
                facts.of(kind)
            yield from ()

        from asepsis.findings import judge as module

        reading = replace(READING, problems=(replace(PROBLEM, hides=hides),))
        facts = Facts(())
        for kind in before:
            facts.of(kind)
        answer = module._ask(SimpleNamespace(INFO=INFO, check=check), facts, CONTEXT, reading, ())
        (outcome,) = module._verdict(SimpleNamespace(INFO=INFO), answer, reading)
        return type(outcome)

    def test_is_none_for_a_rule_that_asks_for_others(self):
        assert self.outcome(("StoredSecret",), asks=(Service, Account)) is NotFound

    def test_counts_for_a_rule_that_asked_for_one_of_them_at_whatever_depth(self):
        assert self.outcome(("Account", "StoredSecret"), asks=(Account,)) is NotAssessed

    def test_counts_for_a_rule_that_says_it_needs_one_of_them(self):
        assert self.outcome(("Service",)) is NotAssessed

    def test_counts_for_every_rule_if_it_may_have_hidden_anything(self):
        assert self.outcome((), asks=()) is NotAssessed

    def test_counts_for_every_rule_if_somebody_asked_on_behalf_of_all(self):
        assert self.outcome(("Account",), before=(Account,)) is NotAssessed


def test_weak_evidence_is_not_said_of_what_other_evidence_shows():
    weak, sure = (finding(confidence=sureness, facts=[sureness.value]) for sureness in (Confidence.WEAK, Confidence.CONFIRMED))
    (merged,) = judge(READING, CONTEXT, [rule(weak, sure)]).findings
    assert sorted(merged.facts) == ["confirmed", "weak"]
    (merged,) = judge(READING, CONTEXT, [rule(weak, finding(confidence=Confidence.WEAK, facts=["seen twice"]))]).findings
    assert set(merged.facts) == {"weak", "seen twice", WEAK_EVIDENCE}


def test_an_id_survives_the_line_and_the_container_but_not_another_file():
    here = finding(locations=[Where("e1", "update.zip!rootfs.squashfs!etc/shadow", line=3)]).finding.id
    assert here == finding(locations=[Where("e4", "etc/shadow", line=9)]).finding.id
    assert here != finding(locations=[Where("e4", "etc/passwd", line=9)]).finding.id


def test_an_id_survives_another_cut_and_another_file_name_of_the_next_version():
    def id_of(image: str, cut: str) -> list[str]:
        reading = replace(READING, evidence=(Evidence("e1", EvidenceKind.FIRMWARE, image, "0" * 64, 1),))
        found_in = [finding("in the image", locations=[Where("e1", image, offset=32)]), finding("cut out", locations=[Where("e1", f"{image}!{cut}")])]
        return [one.id for one in judge(reading, CONTEXT, [rule(*found_in)]).findings]

    assert id_of("pump-1.0.bin", "64-4096.gzip") == id_of("pump-2.0.bin", "128-9999.gzip")


def test_facts_come_in_the_order_of_places():
    accounts = [Account(Where("e1", "etc/passwd", line=line), f"user{line}") for line in (3, 1, 2)]
    assert [account.name for account in Facts(accounts).of(Account)] == ["user1", "user2", "user3"]


@pytest.mark.parametrize(
    "path",
    [
        "usr/share/doc/vsftpd/examples/vsftpd.conf",
        "fw.bin!usr/share/man/man5/x.conf.5.gz!x.conf.5",
        "opt/maker/share/locale/fr/x.mo",
        "rootfs/usr/man/x",
    ],
)
def test_what_only_manuals_show_is_dismissed_and_said(path):
    seen = []

    def check(facts, context):
        seen.extend(facts.of(Service))
        return iter(())

    reading = replace(READING, facts=(Service(Where("e1", path), "ftp"), Service(Where("e1", "etc/share/docs.conf"), "telnet")))
    judgement = judge(reading, CONTEXT, [SimpleNamespace(INFO=INFO, check=check)])
    assert [service.name for service in seen] == ["telnet"]
    (dismissed,) = judgement.dismissed
    assert dismissed.exemption is Exemption.DOCUMENTATION
    assert dismissed.where == Where("e1", path)
    assert judgement.not_found[0].dismissed == (f"{dismissed.what} ({path})",)


def test_a_flood_of_dismissals_is_cut_and_counted():
    many = [
        Dismissed("sample", Exemption.LOCKED, f"account {number} is locked", Where("e1", "etc/shadow", line=number)) for number in range(250, 0, -1)
    ]
    kept = judge(READING, CONTEXT, [rule(*many)]).dismissed
    assert [one.where.line for one in kept if one.where] == list(range(1, 101))
    assert kept[-1] == Dismissed("sample", Exemption.LOCKED, "and 150 more")


def test_a_trick_of_an_archive_counts_wherever_it_lies():
    trick = HostileContainer(Where("e1", "usr/share/doc/a.zip"), "path-traversal", "../x")
    seen = []
    rule_ = SimpleNamespace(INFO=INFO, check=lambda facts, context: seen.extend(facts.of(HostileContainer)) or iter(()))
    judge(replace(READING, facts=(trick,)), CONTEXT, [rule_])
    assert seen == [trick]
