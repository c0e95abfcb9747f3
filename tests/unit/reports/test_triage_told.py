"""What a triage file or a device says in an accepted finding is told like all other text: shown, never obeyed."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from datetime import date

import pytest

from asepsis.model.triage import Accepted, AcceptedHarm, Because, Triaged, TriageState
from asepsis.reports.diff import difference, next_triage
from asepsis.reports.explain import explain
from asepsis.reports.study_file import dump, load
from asepsis.reports.summary import summary
from asepsis.reports.tell import tell
from asepsis.reports.triage_text import template
from tests.cases.reports.studies import HOSTILE, MENDED, NASTY, PUMP, SCRIPT, TELNET

DAY = date(2027, 3, 31)
WICKED = HOSTILE.findings[0].id
ENTRY = Accepted(WICKED, NASTY, NASTY, DAY, DAY, NASTY, NASTY, Because.FALSE_POSITIVE)
HARM = AcceptedHarm("pump", NASTY, NASTY, 5, NASTY, True, "high", False, (WICKED, NASTY), NASTY, (NASTY, NASTY))
STUDY = replace(
    HOSTILE,
    triage=(Triaged(ENTRY, TriageState.COUNTS, soon=True), Triaged(replace(ENTRY, id=NASTY), TriageState.DOES_NOT_FIT, note=NASTY)),
    accepted_harms=(HARM,),
)


def readable(text):
    return all(line.isprintable() for line in text.split("\n"))


def test_the_page_shows_it_and_does_not_obey_it():
    page = tell(STUDY, "html").decode()
    assert SCRIPT not in page
    assert "\u202e" not in page
    assert 'id="triage"' in page


def test_the_log_is_utf_8_and_holds_no_control_characters():
    text = json.dumps(json.loads(tell(STUDY, "sarif").decode()), ensure_ascii=False)
    assert "suppressions" in text
    assert readable(text)


def test_the_screens_show_it():
    lines = [*summary(STUDY, []), *explain(STUDY, WICKED), *difference(STUDY, STUDY)]
    assert all(line.isprintable() for line in lines)
    assert len(summary(STUDY, [("json", "a")] * 4)) <= 25


@pytest.mark.parametrize("text", [template(STUDY), next_triage(STUDY, STUDY), next_triage(STUDY, MENDED)])
def test_the_files_are_toml_in_which_a_comment_stays_a_comment(text):
    assert readable(text)
    assert all(entry["id"] in {WICKED, NASTY.encode("utf-8", "replace").decode()} for entry in tomllib.loads(text).get("accepted", []))


def test_what_is_written_is_read_again_as_it_was():
    entry = Accepted(TELNET.id, 'A "B" \\ C', "line one\nline two \u202e 🩺", DAY, rule=TELNET.rule, subject=TELNET.subject)
    study = replace(PUMP, triage=(Triaged(entry, TriageState.COUNTS),))
    (read,) = tomllib.loads(template(study))["accepted"]
    assert read == {
        "id": entry.id,
        "owner": entry.owner,
        "reason": entry.reason,
        "expires": DAY,
        "rule": entry.rule,
        "subject": entry.subject,
        "because": "accepted-risk",
    }


def test_the_study_file_keeps_it():
    assert load(dump(STUDY)) == STUDY


def accepting(study, finding):
    return replace(study, triage=(Triaged(Accepted(finding.id, "A. Berg", "see PS-311", DAY), TriageState.COUNTS),))


def section(lines):
    start = lines.index("Triage") + 1
    return [line.strip() for line in lines[start : lines.index("Coverage")]]


class TestCarriedOver:
    def fate(self, new, **of_old):
        return section(difference(accepting(replace(PUMP, **of_old), TELNET), new))[0].partition(": ")[0]

    def with_telnet(self, **changed):
        return replace(PUMP, findings=tuple(replace(one, **changed) if one == TELNET else one for one in PUMP.findings))

    def test_the_same_finding(self):
        assert self.fate(PUMP) == "carried over"

    def test_a_finding_that_is_gone_where_everything_was_looked_at(self):
        assert self.fate(MENDED) == "mended"

    def test_a_finding_that_could_not_be_looked_for(self):
        assert self.fate(replace(MENDED, not_found=())) == "cannot tell"

    def test_more_was_shown_than_when_it_was_accepted(self):
        from asepsis.model.finding import Certainty

        assert self.fate(self.with_telnet(certainty=Certainty.DEMONSTRATED)) == "needs a new look"

    def test_it_lets_an_attacker_do_more(self):
        from asepsis.model.claim import claim

        assert self.fate(self.with_telnet(claims=(*TELNET.claims, claim("reaches_many", "this", "telnet")))) == "needs a new look"

    @pytest.mark.parametrize(
        ("now", "fate"),
        [
            (("a1", "login"), "carried over"),
            (("b2", "login"), "carried over"),
            (("b2", "login", "c3", "login"), "needs a new look"),
            (("b2", "network-login"), "needs a new look"),
            ((), "carried over"),
        ],
    )
    def test_a_secret_is_the_same_whatever_its_digest_and_one_more_is_not(self, now, fate):
        from asepsis.model.claim import claim

        def about(*secrets):
            held = [claim("secret", "this", digest, kind, "cleartext") for digest, kind in zip(secrets[::2], secrets[1::2], strict=True)]
            return self.with_telnet(claims=(*TELNET.claims, *held))

        assert section(difference(accepting(about("a1", "login"), TELNET), about(*now)))[0].partition(": ")[0] == fate

    def test_it_is_twice_in_the_same_file(self):
        again = replace(TELNET.locations[0], line=99)
        assert self.fate(self.with_telnet(locations=(*TELNET.locations, again))) == "needs a new look"

    def test_it_is_in_another_file(self):
        moved = tuple(replace(where, path="pump-1.4.bin!rootfs.squashfs!opt/elsewhere") for where in TELNET.locations)
        assert self.fate(self.with_telnet(locations=moved)) == "needs a new look"

    def test_the_version_in_the_name_of_the_image_is_no_other_place(self):
        moved = tuple(replace(where, path=where.path.replace("pump-1.4", "pump-2.0")) for where in TELNET.locations)
        assert self.fate(self.with_telnet(locations=moved)) == "carried over"

    def test_the_same_weakness_of_something_else(self):
        assert self.fate(self.with_telnet(id="F-ffffffffffff", subject="telnet on 2323")) == "needs a new look"

    @pytest.mark.parametrize(("as_of", "fate"), [("2027-03-31", "carried over"), ("2027-04-01", "expired")])
    def test_its_last_day_is_compared_with_the_day_of_the_new_study(self, as_of, fate):
        assert self.fate(replace(PUMP, knowledge=replace(PUMP.knowledge, as_of=as_of))) == fate

    def test_an_acceptance_that_was_renewed_in_the_new_study(self):
        later = replace(PUMP, triage=(Triaged(Accepted(TELNET.id, "B", "again", date(2028, 1, 1)), TriageState.COUNTS),))
        assert "renewed in NEW until 2028-01-01" in "\n".join(difference(accepting(PUMP, TELNET), later))
        assert 'owner = "B"' in next_triage(accepting(PUMP, TELNET), later)


def test_what_was_accepted_since_is_not_called_closed():
    """All paths are gone from NEW because its findings were accepted there."""
    harm = PUMP.paths[0].harm
    left = AcceptedHarm(harm.device, harm.function, harm.effect.value, harm.level, harm.name, True, "high", False, (TELNET.id,), "internet", ("s",))
    entries = tuple(Triaged(Accepted(one.id, "A", "b", DAY), TriageState.COUNTS) for one in PUMP.findings)
    new = replace(PUMP, paths=(), ratings=(), triage=entries, accepted_harms=(left,))
    lines = difference(PUMP, new)
    assert not [line for line in lines if line.strip().startswith("closed")]
    assert any(line.startswith("  still possible, but left out in NEW: S5") for line in lines)
    assert any("accepted in NEW, so left out there" in line for line in lines)


def test_without_a_triage_file_there_is_no_section():
    assert "Triage" not in difference(PUMP, MENDED)


def test_a_full_first_screen_still_says_how_much_was_accepted_and_what_stays_open():
    entries = [Triaged(Accepted(one.id, "A", "b", DAY), TriageState.COUNTS, soon=True) for one in PUMP.findings[:3]]
    entries += [Triaged(Accepted(f"F-00000000000{n}", "A", "b", DAY), TriageState.NO_SUCH_FINDING) for n in range(5)]
    entries += [Triaged(Accepted(one.id, "A", "b", DAY), TriageState.EXPIRED) for one in PUMP.findings[3:]]
    harms = tuple(replace(HARM, name=f"Something very long that happens to a patient, number {n}", function=str(n)) for n in range(6))
    lines = summary(replace(PUMP, triage=tuple(entries), accepted_harms=harms), [("json", "a"), ("html", "b"), ("sarif", "c")])
    text = " ".join(" ".join(lines).split())
    assert len(lines) <= 25
    assert "Triage: 3 accepted and left out (3 end within 30 days); 3 expired; 5 without a finding; 6 harms open through them, up to S5" in text


def test_what_was_accepted_in_the_old_study_only_is_not_called_new():
    entries = tuple(Triaged(Accepted(one.id, "A", "b", DAY), TriageState.COUNTS) for one in PUMP.findings)
    lines = difference(replace(PUMP, paths=(), ratings=(), triage=entries), PUMP)
    assert not [line for line in lines if line.strip().startswith("opened")]
    assert any("seen now, cannot tell whether it is new" in line and "accepted in OLD, so left out there" in line for line in lines)
